import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealedRows } from '../../src/app/sealed-rows.js';
import type { CustomerId } from '../../src/core/ids.js';
import { destroyEndedShares } from '../../src/modules/installation/keys/ended-shares.js';
import { RetentionAlarm } from '../../src/modules/rights/retention/retention-alarm.js';
import { RetentionSweeper } from '../../src/modules/rights/retention/retention-sweeper.js';
import { KEY_SHARES, type KeyShares } from '../../src/platform/crypto/key-shares.port.js';
import { Database } from '../../src/platform/database/database.service.js';
import {
  aStretch,
  dayMs,
  startCustomers,
  startMs,
  type Client,
  type CustomersServer,
} from '../customers/support.js';

let timbre: CustomersServer;
let sweeper: RetentionSweeper;
let privacy: Client;

beforeAll(async () => {
  timbre = await startCustomers();
  sweeper = timbre.server.app.get(RetentionSweeper, { strict: false });
  privacy = await timbre.as('privacy');
}, 120_000);
afterAll(() => timbre.close());

/** What the service's upkeep of keys does once a minute: a key's record stays until its half in the key store is gone. */
async function destroyShares(): Promise<void> {
  const { app } = timbre.server;
  const shares = app.get<KeyShares>(KEY_SHARES, { strict: false });
  await app
    .get(Database, { strict: false })
    .forTenant(timbre.tenantId, (em) =>
      destroyEndedShares(em, timbre.tenantId, shares, sealedRows, new Date(timbre.clock.now)),
    );
}

async function enrolled(residence: string | null): Promise<CustomerId> {
  const customerId = await timbre.newCustomer();
  await privacy.patch(`/v1/customers/${customerId}`).send({ residence }).expect(200);
  await timbre.giveConsent(customerId);
  await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000));
  return customerId;
}

/** As the telephony side would leave it. */
async function call(customerId: CustomerId, atMs: number, flagged = false): Promise<string> {
  const callId = crypto.randomUUID();
  const { tenantId } = timbre;
  const at = new Date(atMs);
  await timbre.rows(
    `INSERT INTO calls (call_id, tenant_id, protocol, claimed_customer_id, opened_at, closed_at, result)
     VALUES ($1, $2, 'plain', $3, $4, $4, '{}')`,
    callId,
    tenantId,
    customerId,
    at,
  );
  await timbre.rows(
    `INSERT INTO call_events (tenant_id, call_id, kind, payload, at) VALUES ($1, $2, 'opened', '{}', $3)`,
    tenantId,
    callId,
    at,
  );
  if (flagged)
    await timbre.rows(
      `INSERT INTO flags (flag_id, tenant_id, call_id, customer_id, severity, state, reasons, policy_version, created_at, updated_at, version)
       VALUES ($1, $2, $3, $4, 'low', 'open', '[]', 0, $5, $5, 1)`,
      crypto.randomUUID(),
      tenantId,
      callId,
      customerId,
      at,
    );
  return callId;
}

async function ids(sql: string): Promise<string[]> {
  return (await timbre.rows(sql)).map((row) => String(row['id']));
}
const calls = (): Promise<string[]> => ids('SELECT call_id AS id FROM calls ORDER BY 1');
const voiceprint = (customerId: CustomerId): Promise<object[]> =>
  timbre.rows('SELECT status FROM voiceprints WHERE customer_id = $1', customerId);
const inDays = (days: number): string => new Date(startMs + days * dayMs).toISOString();
async function metric(name: string): Promise<number> {
  const text = await timbre.server.parts.registry.metrics();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}
async function sweepOnDay(day: number): Promise<void> {
  timbre.clock.now = startMs + day * dayMs;
  await sweeper.sweepNow();
}

describe('a legal hold', () => {
  it('keeps what is due, unused, until it is released; both are in the audit log', async () => {
    const customerId = await enrolled('DE');
    const callId = await call(customerId, timbre.clock.now);
    const placed = await privacy
      .post('/v1/legal-holds')
      .send({ customerId, reason: 'Claim 4 O 118/26', endsAt: inDays(2000) })
      .expect(201);
    const { holdId } = placed.body as { holdId: string };
    await sweepOnDay(900);
    expect(await calls()).toEqual([callId]);
    expect(await voiceprint(customerId)).toEqual([{ status: 'active' }]);
    // Not used, and not even when the clock goes back to a day on which it could have been.
    timbre.clock.now = startMs + 1;
    const { voiceprints, tenantId } = timbre;
    expect(await voiceprints.claimContext(tenantId, customerId)).toMatchObject({ kind: 'expired' });
    timbre.clock.now = startMs + 900 * dayMs;
    await privacy.post(`/v1/legal-holds/${holdId}/release`).expect(200);
    await sweeper.sweepNow();
    expect(await calls()).toEqual([]);
    expect(await voiceprint(customerId)).toEqual([{ status: 'expired' }]);
    const told = 'SELECT action FROM audit_entries WHERE subject_id = $1 ORDER BY seq';
    expect(await timbre.rows(told, holdId)).toEqual([
      { action: 'legal-hold-placed' },
      { action: 'legal-hold-released' },
    ]);
    timbre.clock.now = startMs;
  });

  it('ends by itself at its end', async () => {
    const customerId = await enrolled('DE');
    await privacy
      .post('/v1/legal-holds')
      .send({ customerId, reason: 'a claim', endsAt: inDays(800) })
      .expect(201);
    await sweepOnDay(799);
    expect(await voiceprint(customerId)).toEqual([{ status: 'active' }]);
    await sweepOnDay(800);
    expect(await voiceprint(customerId)).toEqual([{ status: 'expired' }]);
    timbre.clock.now = startMs;
  });

  it.each([
    ['without an end', { reason: 'a claim' }, 'endsAt'],
    ['that ended already', { reason: 'a claim', endsAt: '2026-01-01T00:00:00Z' }, 'endsAt'],
    ['without a reason', { endsAt: '2030-01-01T00:00:00Z' }, 'reason'],
  ])('%s is refused, by field', async (_, body, field) => {
    const customerId = await timbre.newCustomer();
    const answer = await privacy
      .post('/v1/legal-holds')
      .send({ customerId, ...body })
      .expect(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it('is nothing that an agent may see', async () => {
    const agent = await timbre.as('agent');
    await agent.get('/v1/legal-holds').expect(403);
    await agent.get('/v1/retention/preview').expect(403);
  });
});

describe('the preview', () => {
  it('says what would go, when and by which rule, and the sweep then does that', async () => {
    const customerId = await enrolled('US-IL');
    const callId = await call(customerId, timbre.clock.now);
    timbre.clock.now = startMs + 390 * dayMs;
    const rows = async (days: number): Promise<Record<string, unknown>[]> => {
      const { body } = await privacy.get(`/v1/retention/preview?days=${days}&listed=1000`).expect(200);
      const all = (body as { rows: Record<string, unknown>[] }).rows;
      return all.filter((row) => row['customerId'] === customerId);
    };
    expect(await rows(4)).toEqual([]);
    expect(await rows(30)).toEqual([
      {
        kind: 'call',
        id: callId,
        customerId,
        dueAt: inDays(395),
        reason: 'days-after-the-call',
        held: false,
        decidedBy: { packId: 'policy', rule: 'retention', article: 'retention.callDays' },
      },
    ]);
    expect((await rows(400)).map((row) => row['kind'])).toEqual(['call', 'voiceprint']);
    await sweepOnDay(395);
    expect(await calls()).toEqual([]);
    const { body } = await privacy.get('/v1/retention/runs').expect(200);
    expect((body as { runs: object[] }).runs).toContainEqual(
      expect.objectContaining({ startedAt: inDays(395), deleted: { call: 1 } }),
    );
  });

  it.each(['-1', 'soon', '4000'])('of %s days is refused', async (days) => {
    const { body } = await privacy.get(`/v1/retention/preview?days=${days}`).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'days' }] });
  });
});

describe('a clock that was set back', () => {
  it('brings nothing back and takes nothing early, and the run and the metric say so', async () => {
    const customerId = await enrolled('DE');
    const callId = await call(customerId, startMs + 800 * dayMs);
    await sweepOnDay(1194);
    await sweepOnDay(1164);
    expect(await calls()).toContain(callId);
    const { body } = await privacy.get('/v1/retention/runs?limit=500').expect(200);
    const found = (body as { runs: { clockSetBackMs: number }[] }).runs.map((run) => run.clockSetBackMs);
    expect(found).toContain(30 * dayMs);
    expect(await metric('timbre_retention_clock_set_back_seconds')).toBe(30 * 86_400);
    await sweepOnDay(1194);
  });
});

describe('a sweep that was missed', () => {
  it('is an alarm in metric, health and history until one is made', async () => {
    const alarm = timbre.server.app.get(RetentionAlarm, { strict: false });
    const { readiness, config } = timbre.server.parts;
    await sweeper.sweepNow();
    expect(await alarm.look()).toEqual([]);
    timbre.clock.now += 2 * config.sweepIntervalMs + 1;
    expect(await alarm.look()).toEqual([timbre.tenantId]);
    expect(await metric('timbre_retention_late_tenants')).toBe(1);
    expect(await readiness.report()).toMatchObject({ ready: true, warnings: ['retention-late'] });
    expect((await privacy.get('/v1/retention/runs').expect(200)).body).toMatchObject({ late: true });
    await sweeper.sweepNow();
    expect(await alarm.look()).toEqual([]);
    expect(await readiness.report()).not.toHaveProperty('warnings');
  });
});

describe('five years of a small center', () => {
  it('leave nothing past its date and take nothing before it', async () => {
    const beginMs = timbre.clock.now;
    const dates = new Map<string, number>();
    const homes = ['DE', 'US-CO', 'US-IL', 'US-CA', null];
    for (let made = 0; made < 20; made += 1) {
      timbre.clock.now = beginMs + made * dayMs;
      const customerId = await enrolled(homes[made % homes.length] ?? null);
      // By the policy as shipped; no law wants a voiceprint gone before its 730 days.
      dates.set(customerId, timbre.clock.now + 730 * dayMs);
      const flagged = made % 3 === 0;
      const callId = await call(customerId, timbre.clock.now, flagged);
      dates.set(callId, timbre.clock.now + (flagged ? 1095 : 395) * dayMs);
    }
    for (let month = 1; month <= 61; month += 1) {
      timbre.clock.now = beginMs + month * 30 * dayMs;
      await destroyShares();
      await sweeper.sweepNow();
      const kept = new Set([
        ...(await ids(`SELECT customer_id AS id FROM voiceprints WHERE status = 'active'`)),
        ...(await calls()),
      ]);
      for (const [id, dueMs] of dates)
        expect({ id, month, kept: kept.has(id) }).toEqual({ id, month, kept: dueMs > timbre.clock.now });
    }
    // What told of them has gone as well, and at last the customers themselves.
    for (const table of ['voiceprints', 'customer_keys', 'calls', 'call_events', 'flags', 'customers'])
      expect(await timbre.rows(`SELECT count(*)::int AS left FROM ${table}`)).toEqual([{ left: 0 }]);
  }, 120_000);
});
