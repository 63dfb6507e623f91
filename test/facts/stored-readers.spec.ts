import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { TenantId } from '../../src/core/ids.js';
import { FactFeed } from '../../src/modules/installation/facts/fact-feed.js';
import { recordFact } from '../../src/modules/installation/facts/record-fact.js';
import type { StoredReader } from '../../src/modules/installation/facts/stored-reader.js';
import { StoredReaders } from '../../src/modules/installation/facts/stored-readers.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { systemClock } from '../../src/platform/clock.js';
import { configuredVault } from '../../src/platform/crypto/configured-vault.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import { testConfig } from '../support/app.js';
import { silentLogger, startDatabase, type TestDatabase } from '../support/postgres.js';

const wantedFacts = 10_000;
const writers = 8;

let postgres: TestDatabase;
let tenants: TenantsService;
let bus: PostgresEventBus;
let owner: pg.Client;

beforeAll(async () => {
  postgres = await startDatabase(tenantsEntities);
  tenants = new TenantsService(postgres.database, configuredVault(testConfig()), systemClock);
  bus = new PostgresEventBus(postgres.url, silentLogger);
  await bus.start();
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
  // What a reader's work writes: in the transaction that moves its cursor.
  await owner.query(
    'CREATE TABLE read_facts (place bigserial, reader text, tenant_id uuid, seq bigint); GRANT ALL ON read_facts, read_facts_place_seq TO timbre',
  );
});
afterAll(async () => {
  await owner.end();
  await bus.close();
  await postgres.stop();
});

const newTenants = (count: number): Promise<TenantId[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => tenants.create(`read ${Date.now()} ${i}`)));

/** Every other fact is one that the readers are not for. */
function record(tenantId: TenantId, count: number): Promise<void> {
  return postgres.database.forTenant(tenantId, async (em) => {
    const facts = Array.from({ length: count }, (_, i) =>
      i % 2 === 0
        ? ({ action: 'audit-exported', by: null, subject: { kind: 'audit', id: tenantId } } as const)
        : ({ action: 'tenant-key-rotated', by: null, subject: { kind: 'key', id: tenantId } } as const),
    );
    await recordFact(em, tenantId, new Date(), ...facts);
  });
}

type Reader = StoredReader<'audit-exported'>;

/** Writes down what it is handed; every `failsEvery`th time it fails, after its work. */
function aReader(name: string, failsEvery = Number.POSITIVE_INFINITY): Reader {
  let times = 0;
  return {
    name,
    actions: ['audit-exported'],
    async read(em, facts) {
      for (const { tenantId, seq } of facts)
        await em.query('INSERT INTO read_facts (reader, tenant_id, seq) VALUES ($1, $2, $3)', [
          name,
          tenantId,
          seq,
        ]);
      times += 1;
      if (times % failsEvery === 0) throw new Error('not this time');
    },
  };
}

interface Started {
  readonly readers: StoredReaders;
  stop(): Promise<void>;
}

/** What a process of Timbre has: a feed of its own, and readers that others have, too. */
async function started(...all: Reader[]): Promise<Started> {
  const feed = new FactFeed(postgres.database, bus, silentLogger);
  const readers = new StoredReaders(postgres.database, feed, silentLogger);
  for (const reader of all) readers.add(reader);
  await feed.onModuleInit();
  readers.onModuleInit();
  readers.onApplicationBootstrap();
  return {
    readers,
    async stop() {
      await readers.beforeApplicationShutdown();
      await feed.beforeApplicationShutdown();
    },
  };
}

/** What the reader's work has left, in the order in which it was done. */
async function taken(reader: string, tenantId: TenantId): Promise<number[]> {
  const { rows } = await owner.query<{ seq: string }>(
    'SELECT seq FROM read_facts WHERE reader = $1 AND tenant_id = $2 ORDER BY place',
    [reader, tenantId],
  );
  return rows.map(({ seq }) => Number(seq));
}

async function recorded(tenantId: TenantId): Promise<number[]> {
  const { rows } = await owner.query<{ seq: string }>(
    `SELECT seq FROM audit_entries WHERE tenant_id = $1 AND action = 'audit-exported' ORDER BY seq`,
    [tenantId],
  );
  return rows.map(({ seq }) => Number(seq));
}

describe('readers with stored cursors', () => {
  it(`work once through ${wantedFacts} facts of ${writers} writers, in order, on three processes that stop and start`, async () => {
    const some = await newTenants(5);
    const names = ['steady', 'failing', 'also failing'];
    const make = (): Promise<Started> =>
      started(aReader(names[0]!), aReader(names[1]!, 3), aReader(names[2]!, 7));
    const processes = await Promise.all([make(), make(), make()]);
    let left = wantedFacts;
    const write = async (writer: number): Promise<void> => {
      for (let turn = 0; left > 0; turn += 1) {
        const count = Math.min(left, 1 + ((writer + turn) % 9));
        left -= count;
        await record(some[(writer * 3 + turn) % some.length]!, count);
        // Each writer stops a process every so often, and starts another in its place.
        if (turn % 40 !== 5 * writer) continue;
        const [stopped] = processes.splice(writer % processes.length, 1);
        processes.push(await make());
        await stopped?.stop();
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    for (const tenantId of some) {
      const wanted = await recorded(tenantId);
      // A reader that fails now and then comes to the end all the same.
      for (const name of names)
        while ((await taken(name, tenantId)).length < wanted.length)
          await processes[0].readers.settled(tenantId);
      for (const name of names) expect(await taken(name, tenantId)).toEqual(wanted);
    }
    for (const each of processes) await each.stop();
  }, 120_000);

  it('do when they start what was recorded while nobody ran', async () => {
    const [tenantId] = await newTenants(1);
    await record(tenantId!, 3);
    const late = await started(aReader('late'));
    while ((await taken('late', tenantId!)).length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(await taken('late', tenantId!)).toEqual([1, 3]);
    await late.stop();
  });

  it('are not held up by a tenant at whose facts one of them fails', async () => {
    const [bad, good] = await newTenants(2);
    const picky: Reader = {
      ...aReader('picky'),
      async read(em, facts) {
        if (facts[0]?.tenantId === bad) throw new Error('never');
        await aReader('picky').read(em, facts);
      },
    };
    const process = await started(picky, aReader('easy'));
    await record(bad!, 1);
    await record(good!, 1);
    while ((await taken('picky', good!)).length + (await taken('easy', bad!)).length < 2)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await taken('picky', bad!)).toEqual([]);
    await process.stop();
  });
});
