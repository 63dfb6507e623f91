import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { defaultPolicy, policySchema } from '../../src/core/policy/policy.js';
import type { CustomerId } from '../../src/core/ids.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import { RetentionSweeper } from '../../src/modules/rights/retention/retention-sweeper.js';
import { aStretch, dayMs, startCustomers, startMs, type CustomersServer } from './support.js';
import { nextFact } from '../support/facts.js';

let timbre: CustomersServer;
let sweeper: RetentionSweeper;
let customerId: CustomerId;
const nothing = { voiceprints: 0, stretches: 0, busy: 0, failed: 0 };

beforeAll(async () => {
  timbre = await startCustomers();
  sweeper = timbre.server.app.get(RetentionSweeper, { strict: false });
});
afterAll(() => timbre.close());
beforeEach(async () => {
  timbre.clock.now = startMs;
  // What the test before left would be swept with this one's.
  for (const row of await timbre.rows('SELECT customer_id FROM customers')) {
    await timbre.voiceprints.revoke(timbre.tenantId, row['customer_id'] as CustomerId);
  }
  customerId = await enrolled();
});

async function enrolled(netSpeechMs = 21_000): Promise<CustomerId> {
  const id = await timbre.newCustomer();
  await timbre.giveConsent(id);
  await timbre.voiceprints.addStretch(timbre.tenantId, id, aStretch(netSpeechMs));
  return id;
}

async function kept(): Promise<{ keys: number; voiceprints: number; stretches: number }> {
  const [row] = await timbre.rows(
    `SELECT (SELECT count(*) FROM customer_keys WHERE customer_id = $1 AND wrapped_key IS NOT NULL)::int AS keys,
            (SELECT count(*) FROM voiceprints WHERE customer_id = $1 AND ciphertext IS NOT NULL)::int AS voiceprints,
            (SELECT count(*) FROM enrolment_stretches WHERE customer_id = $1)::int AS stretches`,
    customerId,
  );
  return row as never;
}

const metric = async (name: string): Promise<string | undefined> =>
  (await timbre.server.parts.registry.metrics()).split('\n').find((line) => line.startsWith(name));

describe('the sweeper', () => {
  it('takes nothing before its time, and the voiceprint with its key at its time', async () => {
    timbre.clock.now = startMs + 730 * dayMs - 1;
    expect(await sweeper.sweepNow()).toEqual(nothing);
    expect(await kept()).toEqual({ keys: 1, voiceprints: 1, stretches: 0 });
    timbre.clock.now += 1;
    const told = nextFact(timbre.server.app, ({ action }) => action === 'voiceprint-expired');
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
    expect(await told).toMatchObject({ subject: { kind: 'customer', id: customerId } });
    expect(await kept()).toEqual({ keys: 0, voiceprints: 0, stretches: 0 });
    const [tombstone] = await timbre.rows(
      'SELECT status, ended_reason FROM voiceprints WHERE customer_id = $1',
      customerId,
    );
    expect(tombstone).toEqual({ status: 'expired', ended_reason: 'days-after-last-interaction' });
    expect(await timbre.voiceprints.claimContext(timbre.tenantId, customerId)).toMatchObject({
      kind: 'expired',
    });
    expect(await sweeper.sweepNow()).toEqual(nothing);
  });

  it('takes an unfinished enrolment after its days, and keeps the key that a voiceprint still needs', async () => {
    await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(5000));
    timbre.clock.now = startMs + 30 * dayMs;
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, stretches: 1 });
    expect(await kept()).toEqual({ keys: 1, voiceprints: 1, stretches: 0 });
  });

  it('takes the voiceprint when its consent has run out', async () => {
    customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId, ['verification', 'enrolment'], startMs + dayMs);
    await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000));
    timbre.clock.now = startMs + dayMs;
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
    const [tombstone] = await timbre.rows(
      'SELECT ended_reason FROM voiceprints WHERE customer_id = $1',
      customerId,
    );
    expect(tombstone).toEqual({ ended_reason: 'consent-ends' });
  });

  it('leaves the voiceprint of a customer who was dealt with since', async () => {
    await timbre.interactions.touch(timbre.tenantId, customerId, startMs + 400 * dayMs);
    timbre.clock.now = startMs + 730 * dayMs;
    expect(await sweeper.sweepNow()).toEqual(nothing);
    timbre.clock.now = startMs + 1130 * dayMs;
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
  });

  it('holds voiceprints to a policy that has become stricter', async () => {
    const document = policySchema.strip().parse(defaultPolicy);
    const stricter = {
      ...document,
      retention: { ...defaultPolicy.retention, voiceprintDaysAfterLastInteraction: 90 },
    };
    const policies = timbre.server.app.get(PoliciesService, { strict: false });
    await policies.replace(timbre.tenantId, stricter, crypto.randomUUID() as never);
    timbre.clock.now = startMs + 90 * dayMs - 1;
    expect(await sweeper.sweepNow()).toEqual(nothing);
    timbre.clock.now += 1;
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
    await policies.replace(timbre.tenantId, document, crypto.randomUUID() as never);
  });

  it('goes on batch after batch', async () => {
    await timbre.rows(
      `INSERT INTO customers SELECT gen_random_uuid(), tenant_id, 'bulk ' || n, NULL, created_at, last_interaction_at
       FROM customers, generate_series(1, 250) AS n WHERE customer_id = $1`,
      customerId,
    );
    await timbre.rows(
      `INSERT INTO enrolment_stretches
       SELECT gen_random_uuid(), c.tenant_id, c.customer_id, 'm', k.key_id, '\\x00', 1, 'upload', NULL, c.created_at, c.created_at
       FROM customers AS c, customer_keys AS k WHERE c.account_ref LIKE 'bulk %' AND k.customer_id = $1`,
      customerId,
    );
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, stretches: 250 });
    await timbre.rows(`DELETE FROM customers WHERE account_ref LIKE 'bulk %'`);
  });

  it('keeps out of the way of another process that is sweeping', async () => {
    const other = new pg.Client({ connectionString: timbre.server.postgres.url });
    await other.connect();
    await other.query('BEGIN');
    await other.query(`SELECT pg_advisory_xact_lock(hashtextextended('timbre retention sweep', 0))`);
    timbre.clock.now = startMs + 730 * dayMs;
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, busy: 1 });
    await other.query('COMMIT');
    await other.end();
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
  });

  it('leaves a customer who is being dealt with just now for the next sweep', async () => {
    const other = new pg.Client({ connectionString: timbre.server.postgres.adminUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM customers WHERE customer_id = $1 FOR NO KEY UPDATE', [customerId]);
    timbre.clock.now = startMs + 730 * dayMs;
    expect(await sweeper.sweepNow()).toEqual(nothing);
    await other.query('COMMIT');
    await other.end();
    expect(await sweeper.sweepNow()).toEqual({ ...nothing, voiceprints: 1 });
  });

  it('sweeps every tenant, each with its own rows only', async () => {
    const elsewhere = await timbre.server.makeTenant();
    timbre.clock.now = startMs + 730 * dayMs;
    const results = await Promise.all([sweeper.sweepNow(), sweeper.sweepNow()]);
    expect(results.map(({ voiceprints }) => voiceprints).sort()).toEqual([0, 1]);
    expect(elsewhere).not.toBe(timbre.tenantId);
  });

  it('counts what it took, and what it took late', async () => {
    const late = async (): Promise<number> =>
      Number((await metric('timbre_retention_late_total{kind="voiceprint"}'))?.split(' ')[1]);
    timbre.clock.now = startMs + 730 * dayMs;
    await sweeper.sweepNow();
    const before = await late();
    customerId = await enrolled();
    timbre.clock.now += 730 * dayMs + 3 * timbre.server.parts.config.sweepIntervalMs;
    await sweeper.sweepNow();
    expect((await late()) - before).toBe(1);
    expect(await metric('timbre_retention_swept_total{kind="voiceprint"}')).toBeDefined();
    expect(await metric('timbre_retention_last_sweep_timestamp_seconds')).toBe(
      `timbre_retention_last_sweep_timestamp_seconds ${timbre.clock.now / 1000}`,
    );
  });
});
