import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CustomerId } from '../../src/core/ids.js';
import { sealedRows } from '../../src/app/sealed-rows.js';
import { destroyEndedShares } from '../../src/modules/installation/keys/ended-shares.js';
import { RetentionSweeper } from '../../src/modules/rights/retention/retention-sweeper.js';
import { KEY_SHARES, type KeyShares } from '../../src/platform/crypto/key-shares.port.js';
import { dayMs, startCustomers, startMs, type Client, type CustomersServer } from '../customers/support.js';

let timbre: CustomersServer;
let sweeper: RetentionSweeper;
let privacy: Client;
/** Connections of a test's own. */
const others: pg.Client[] = [];

beforeAll(async () => {
  timbre = await startCustomers();
  sweeper = timbre.server.app.get(RetentionSweeper, { strict: false });
  privacy = await timbre.as('privacy');
}, 120_000);
afterAll(async () => {
  for (const client of others) await client.end();
  await timbre.close();
});

const count = async (sql: string, ...params: unknown[]): Promise<number> =>
  Number((await timbre.rows(`SELECT count(*) AS n ${sql}`, ...params))[0]?.['n']);
async function sweepAt(atMs: number): Promise<void> {
  timbre.clock.now = atMs;
  await sweeper.sweepNow();
}

describe('a request that was answered', () => {
  /** As the office leaves it; null: it is open. */
  async function request(customerId: CustomerId, answeredAt: Date | null): Promise<string> {
    const requestId = crypto.randomUUID();
    const received = new Date(startMs - 30 * dayMs);
    await timbre.rows(
      `INSERT INTO requests (request_id, tenant_id, customer_id, kind, scopes, channel, state, packs, due_by,
         received_at, due_at, answered_at, reminded, changed_at)
       VALUES ($1, $2, $3, 'access', '{}', 'agent', $4, '{gdpr}', '{}', $5, $5, $6, '{}', $5)`,
      requestId,
      timbre.tenantId,
      customerId,
      answeredAt ? 'fulfilled' : 'received',
      received,
      answeredAt,
    );
    return requestId;
  }
  const kept = (requestId: string) => count('FROM requests WHERE request_id = $1', requestId);

  it('is kept for the policy’s 731 days, to the millisecond, and one that is open or held for as long as it takes', async () => {
    const answered = new Date(startMs);
    const done = await request(await timbre.newCustomer(), answered);
    const open = await request(await timbre.newCustomer(), null);
    const heldCustomer = await timbre.newCustomer();
    const held = await request(heldCustomer, answered);
    const endsAt = new Date(startMs + 2000 * dayMs).toISOString();
    const { body } = await privacy
      .post('/v1/legal-holds')
      .send({ customerId: heldCustomer, reason: 'a complaint', endsAt })
      .expect(201);
    const { holdId } = body as { holdId: string };
    await sweepAt(startMs + 731 * dayMs - 1);
    expect([await kept(done), await kept(open), await kept(held)]).toEqual([1, 1, 1]);
    await sweepAt(startMs + 731 * dayMs);
    expect([await kept(done), await kept(open), await kept(held)]).toEqual([0, 1, 1]);
    await privacy.post(`/v1/legal-holds/${holdId}/release`).expect(200);
    await sweepAt(startMs + 731 * dayMs + 1);
    expect([await kept(open), await kept(held)]).toEqual([1, 0]);
    timbre.clock.now = startMs;
  });
});

describe('where the proof of a consent lies', () => {
  it('is kept for 1827 days after the consent ended, and while the consent stands', async () => {
    const give = async (): Promise<[CustomerId, string]> => {
      const customerId = await timbre.newCustomer();
      const consentId = await timbre.giveConsent(customerId);
      await timbre.rows(
        `INSERT INTO consent_proofs (consent_id, tenant_id, reference, salt) VALUES ($1, $2, 'scan 7', '\\x00')`,
        consentId,
        timbre.tenantId,
      );
      return [customerId, consentId];
    };
    const [withdrawn, ended] = await give();
    const [, standing] = await give();
    const kept = (consentId: string) => count('FROM consent_proofs WHERE consent_id = $1', consentId);
    timbre.clock.now = startMs + 10 * dayMs;
    await timbre.withdraw(withdrawn, ended as never);
    await sweepAt(startMs + (10 + 1827) * dayMs - 1);
    expect([await kept(ended), await kept(standing)]).toEqual([1, 1]);
    await sweepAt(startMs + (10 + 1827) * dayMs);
    expect([await kept(ended), await kept(standing)]).toEqual([0, 1]);
    // That there was a consent stays in the ledger, without a way to its paper.
    expect(await count('FROM consents WHERE consent_id = $1', ended)).toBe(2);
    timbre.clock.now = startMs;
  });
});

describe('what is left of a voice that was on a watchlist', () => {
  it('goes 731 days after its end, once the half of its key is gone from the key store', async () => {
    const [listId, entryId] = [crypto.randomUUID(), crypto.randomUUID()];
    const { tenantId } = timbre;
    const at = new Date(startMs);
    await timbre.rows(
      `INSERT INTO watchlists (list_id, tenant_id, name, purpose, ground, legal_reference, residences, unknown_residence,
         reach, approved_by, approved_at, review_by, created_at, recorded_by)
       VALUES ($1, $2, 'frauds', 'a test', 'legal-claims', 'a law', '{DE}', false, 'verified-calls', 'M. K.', $3, $3, $3, $1)`,
      listId,
      tenantId,
      at,
    );
    await timbre.rows(
      `INSERT INTO watchlist_entries (entry_id, tenant_id, list_id, reference, basis_note, reviewed_by, model_id, model_sha256,
         wrapped_key, ciphertext, tenant_key_version, shared, protected, net_speech_ms, source, added_at, added_by, expires_at)
       VALUES ($1, $2, $3, 'CASE-1', 'Confirmed.', 'M. K.', 'm', 'm', '\\x00', '\\x00', 1, true, true, 9000, 'upload', $4, $1, $5)`,
      entryId,
      tenantId,
      listId,
      at,
      new Date(startMs + dayMs),
    );
    const left = () =>
      timbre.rows('SELECT ended_reason, ciphertext FROM watchlist_entries WHERE entry_id = $1', entryId);
    await sweepAt(startMs + dayMs - 1);
    expect(await left()).toMatchObject([{ ended_reason: null }]);
    await sweepAt(startMs + dayMs);
    expect(await left()).toEqual([{ ended_reason: 'retention', ciphertext: null }]);
    // Due, but the key store has not been told yet: the record is what tells that it has to be.
    await sweepAt(startMs + 732 * dayMs);
    expect(await left()).toHaveLength(1);
    const shares = timbre.server.app.get<KeyShares>(KEY_SHARES, { strict: false });
    await timbre.server.database.forTenant(tenantId, (em) =>
      destroyEndedShares(em, tenantId, shares, sealedRows, new Date(timbre.clock.now)),
    );
    await sweepAt(startMs + 732 * dayMs + 1);
    expect(await left()).toEqual([]);
    timbre.clock.now = startMs;
  });
});

describe('a process that is killed in the middle of a sweep', () => {
  const pageSize = 200;
  const calls = 3 * pageSize;

  it('leaves the rest to another one, which skips nothing and takes nothing twice', async () => {
    const { postgres, parts, database } = timbre.server;
    const watcher = new pg.Client({ connectionString: postgres.adminUrl });
    const blocker = new pg.Client({ connectionString: postgres.adminUrl });
    others.push(watcher, blocker);
    for (const client of others) await client.connect();
    await watcher.query(`
      CREATE TABLE taken (call_id uuid, by_process integer);
      GRANT ALL ON taken TO PUBLIC;
      CREATE FUNCTION note_taken() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO taken VALUES (OLD.call_id, pg_backend_pid());
          PERFORM pg_notify('page_taken', '');
          RETURN OLD;
        END $$;
      CREATE TRIGGER note_taken AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION note_taken();
    `);
    // Due long ago by the clock of a process of its own, one second after the other.
    await watcher.query(
      `INSERT INTO calls (call_id, tenant_id, protocol, opened_at, closed_at, result)
       SELECT gen_random_uuid(), $1, 'plain', at, at, '{}'
       FROM (SELECT now() - interval '2000 days' + n * interval '1 second' AS at FROM generate_series(1, $2) AS n) AS due`,
      [timbre.tenantId, calls],
    );
    // Somebody holds the very last one: two pages go, the third can't.
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM calls ORDER BY closed_at DESC LIMIT 1 FOR UPDATE');
    let pages = 0;
    const twoPages = new Promise<void>((resolve) => {
      watcher.on('notification', () => {
        pages += 1;
        if (pages === 2) resolve();
      });
    });
    await watcher.query('LISTEN page_taken');

    const service = spawn(process.execPath, [join(import.meta.dirname, '../../dist/src/main.js')], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: postgres.url,
        TIMBRE_KEY_DATABASE_URL: postgres.keysUrl,
        TIMBRE_HTTP_PORT: '0',
        TIMBRE_WORKERS: '1',
        TIMBRE_LOG_LEVEL: 'silent',
        TIMBRE_MASTER_KEY: parts.config.masterKey.toString('base64'),
      },
      stdio: 'ignore',
    });
    const exited = once(service, 'exit');
    await twoPages;
    service.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(await count('FROM taken')).toBe(2 * pageSize);
    expect(await count('FROM calls')).toBe(pageSize);

    await blocker.query('ROLLBACK');
    // Got as soon as the server has given up what the dead process had begun.
    await blocker.query(`SELECT pg_advisory_lock(hashtextextended('timbre retention sweep', 0))`);
    await blocker.query(`SELECT pg_advisory_unlock(hashtextextended('timbre retention sweep', 0))`);
    expect(await count('FROM calls')).toBe(pageSize);
    timbre.clock.now = Date.now();
    await sweeper.sweepNow();
    expect(await count('FROM calls')).toBe(0);
    expect(await count('FROM taken')).toBe(calls);
    expect(await count('FROM (SELECT DISTINCT call_id FROM taken) AS once')).toBe(calls);

    // The history has both: what was begun and not finished, and what finished it.
    const runs = await database.forTenant(timbre.tenantId, (em) =>
      em.query<{ finished: boolean }[]>(
        `SELECT finished_at IS NOT NULL AS finished FROM retention_runs WHERE abs(extract(epoch FROM started_at - now())) < 3600 ORDER BY started_at`,
      ),
    );
    expect(runs.map(({ finished }) => finished)).toEqual([false, true]);
  }, 60_000);
});
