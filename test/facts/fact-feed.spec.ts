import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../src/core/ids.js';
import type { StoredFact } from '../../src/modules/installation/facts/fact.js';
import { FactFeed } from '../../src/modules/installation/facts/fact-feed.js';
import { recordFact } from '../../src/modules/installation/facts/record-fact.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { systemClock } from '../../src/platform/clock.js';
import { configuredVault } from '../../src/platform/crypto/configured-vault.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import type { EventBus } from '../../src/platform/event-bus/event-bus.port.js';
import { testConfig } from '../support/app.js';
import { silentLogger, startDatabase, type TestDatabase } from '../support/postgres.js';

const wantedFacts = 10_000;
const writers = 8;

let postgres: TestDatabase;
let tenants: TenantsService;
let bus: PostgresEventBus;
/** Wakes nobody: as a listener that stalled, or a pooler. */
const deaf: EventBus = { hears: false, publish: () => Promise.resolve(), subscribe: () => () => undefined };

beforeAll(async () => {
  postgres = await startDatabase(tenantsEntities);
  tenants = new TenantsService(postgres.database, configuredVault(testConfig()), systemClock);
  bus = new PostgresEventBus(postgres.url, silentLogger);
  await bus.start();
});
afterAll(async () => {
  await bus.close();
  await postgres.stop();
});

const newTenants = (count: number): Promise<TenantId[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => tenants.create(`facts ${Date.now()} ${i}`)));

async function started(by: EventBus): Promise<FactFeed> {
  const feed = new FactFeed(postgres.database, by, silentLogger);
  await feed.onModuleInit();
  return feed;
}

function record(tenantId: TenantId, count: number, thenFail = false): Promise<void> {
  return postgres.database.forTenant(tenantId, async (em) => {
    const fact = { action: 'audit-exported', by: null, subject: { kind: 'audit', id: tenantId } } as const;
    await recordFact(em, tenantId, new Date(), ...Array.from({ length: count }, () => fact));
    if (thenFail) throw new Error('not this time');
  });
}

/** What a reader took, by tenant; every `failsEvery`th time it is handed something it throws. */
function aReader(
  feed: FactFeed,
  name: string,
  failsEvery = Number.POSITIVE_INFINITY,
): Map<TenantId, number[]> {
  const taken = new Map<TenantId, number[]>();
  let times = 0;
  feed.subscribe(name, (facts: readonly StoredFact[]) => {
    times += 1;
    if (times % failsEvery === 0) throw new Error('not this time');
    for (const { tenantId, seq } of facts) taken.set(tenantId, [...(taken.get(tenantId) ?? []), seq]);
  });
  return taken;
}

/** Until a reader has stopped failing at what there is. */
async function settled(feed: FactFeed): Promise<void> {
  for (let i = 0; i < 10; i += 1) await feed.caughtUp();
}

describe('a feed of facts', () => {
  it(`hands ${wantedFacts} facts of ${writers} writers to each reader, each once and in order, whoever fails at some`, async () => {
    const [first, second] = [await started(bus), await started(deaf)];
    const some = await newTenants(5);
    const readers = [aReader(first, 'steady'), aReader(first, 'failing', 3), aReader(second, 'unwoken', 7)];
    let left = wantedFacts;
    const write = async (writer: number): Promise<void> => {
      for (let turn = 0; left > 0; turn += 1) {
        const count = Math.min(left, 1 + ((writer + turn) % 9));
        const tenantId = some[(writer * 3 + turn) % some.length]!;
        if (turn % 10 === 9) {
          await expect(record(tenantId, count, true)).rejects.toThrow('not this time');
          continue;
        }
        left -= count;
        await record(tenantId, count);
      }
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    await settled(first);
    await settled(second);
    for (const taken of readers) {
      const counts = some.map((tenantId) => taken.get(tenantId)?.length ?? 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(wantedFacts);
      for (const tenantId of some)
        expect(taken.get(tenantId)).toEqual(taken.get(tenantId)?.map((_, i) => i + 1));
    }
    await first.beforeApplicationShutdown();
    await second.beforeApplicationShutdown();
  }, 120_000);

  it('begins where the log stands when it starts, and reads a new tenant from its first fact', async () => {
    const [old] = await newTenants(1);
    await record(old!, 3);
    const feed = await started(deaf);
    const taken = aReader(feed, 'late');
    const [young] = await newTenants(1);
    await record(old!, 2);
    await record(young!, 2);
    await feed.caughtUp();
    expect([taken.get(old!), taken.get(young!)]).toEqual([
      [4, 5],
      [1, 2],
    ]);
    await feed.beforeApplicationShutdown();
  });

  it('finds by itself what nobody woke it for', async () => {
    const [tenantId] = await newTenants(1);
    const feed = await started(deaf);
    const read = new Promise<StoredFact>((resolve) => {
      feed.subscribe('waiting', ([fact]) => {
        if (fact !== undefined && fact.tenantId === tenantId) resolve(fact);
      });
    });
    await record(tenantId!, 1);
    expect(await read).toMatchObject({ seq: 1, action: 'audit-exported' });
    expect(feed.isBlind(tenantId!)).toBe(false);
    await feed.beforeApplicationShutdown();
  });

  it('does not let one tenant’s facts at which a reader fails hold up another’s', async () => {
    const [bad, good] = await newTenants(2);
    const feed = await started(deaf);
    const taken: TenantId[] = [];
    feed.subscribe('picky', (facts) => {
      if (facts[0]?.tenantId === bad) throw new Error('never');
      taken.push(...facts.map(({ tenantId }) => tenantId));
    });
    await record(bad!, 1);
    await record(good!, 1);
    await settled(feed);
    expect(taken).toEqual([good]);
    await feed.beforeApplicationShutdown();
  });
});
