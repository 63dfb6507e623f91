import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { runAudit } from './support.js';

// Two processes' worth of Timbre on one PostgreSQL: the call lives on one, the withdrawal is made on the other.
let postgres: TestPostgres;
let here: TestApp;
let there: TestApp;
let calls: Bank;
let desk: Bank;
let owner: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  const masterKey = randomBytes(32);
  here = await startAppOn(postgres, { masterKey });
  there = await startAppOn(postgres, { masterKey });
  calls = await Bank.open(here);
  desk = calls.at(there);
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
}, 120_000);
afterAll(async () => {
  await owner.end();
  await here.close();
  await there.close();
  await postgres.stop();
});

const accepted = ({ verification }: CallResult) => verification.state === 'accepted';

/** What the tables hold of the voice in a call: its row, its events and what they say. */
async function stored(callId: string) {
  const { rows } = await owner.query<{ kind: string; payload: unknown }>(
    `SELECT 'row' AS kind, result AS payload FROM calls WHERE call_id = $1
     UNION ALL SELECT kind, payload FROM call_events WHERE call_id = $1`,
    [callId],
  );
  const text = JSON.stringify(rows);
  return {
    kinds: rows.map(({ kind }) => kind),
    evidence: [
      ...text.matchAll(/"(llr|posterior|span|firstDecision)":(?!null)|"netSpeechMs":(?!0[,}])/g),
    ].map(([found]) => found),
  };
}

describe('consent withdrawn on another process while the call goes on', () => {
  it('stops the call within a second, and destroys what was derived in it', async () => {
    const june = await calls.enrolled('JUNE', 'june');
    const { closed } = await calls.closing('withdrawn');
    let askedMs = 0;
    let stoppedMs = 0;
    let before: string[] = [];
    const withdrawal = when(accepted, async ({ callId }) => {
      before = (await stored(callId)).evidence;
      askedMs = performance.now();
      return desk.as('agent').delete(`/v1/customers/${june.customerId}/consents/${june.consentId}`);
    });
    const outcome = await calls.call(
      speech('june', 'call-1'),
      { customer: 'JUNE', callId: 'withdrawn' },
      (result) => {
        withdrawal.onResult(result);
        if (result.verification.state === 'opted-out' && stoppedMs === 0) stoppedMs = performance.now();
      },
    );
    const { result, callId } = completed(outcome);
    expect((await withdrawal.done).body).toMatchObject({ alreadyWithdrawn: false, destroyed: { keys: 1 } });
    expect(stoppedMs - askedMs).toBeLessThan(1000);
    await closed;

    // There was something to destroy.
    expect(before.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ firstDecision: null, verification: { state: 'opted-out', llr: null } });
    const left = await stored(callId);
    expect(left.evidence).toEqual([]);
    expect(left.kinds).toContain('voice-forgotten');
    const { rows } = await owner.query(
      `SELECT count(wrapped_key)::int AS keys, count(ciphertext)::int AS voices FROM customer_keys
       LEFT JOIN voiceprints USING (customer_id) WHERE customer_id = $1`,
      [june.customerId],
    );
    expect(rows).toEqual([{ keys: 0, voices: 0 }]);
  });

  it('is told in the audit log: withdrawn, forgotten, and no decision by voice at the end', async () => {
    const { text } = await desk.as('privacy').get('/v1/audit/export').buffer(true).expect(200);
    const told = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { record: { action: string; details: object } }).record);
    const actions = told.map(({ action }) => action);
    expect(actions.slice(actions.indexOf('consent-withdrawn'))).toEqual([
      'consent-withdrawn',
      'voice-forgotten',
      'verification-decided',
      'audit-exported',
    ]);
    expect(told.find(({ action }) => action === 'verification-decided')?.details).toMatchObject({
      state: 'opted-out',
      modelId: null,
    });
    expect(await runAudit(postgres.url, 'verify')).toMatchObject({ code: 0 });
  });
});

describe('a limit taken in on another process while the call goes on', () => {
  it('stops the call within a second, and keeps the voiceprint, unused', async () => {
    const { customerId } = await calls.enrolled('CARLO', 'carlo');
    let askedMs = 0;
    let stoppedMs = 0;
    const limit = when(accepted, async () => {
      askedMs = performance.now();
      return desk.as('agent').post(`/v1/customers/${customerId}/requests`).send({ kind: 'limit' });
    });
    const outcome = await calls.call(speech('carlo', 'call-1'), { customer: 'CARLO' }, (result) => {
      limit.onResult(result);
      if (result.verification.state === 'opted-out' && stoppedMs === 0) stoppedMs = performance.now();
    });
    expect((await limit.done).body).toMatchObject({ kind: 'limit', state: 'fulfilled' });
    expect(stoppedMs - askedMs).toBeLessThan(1000);
    expect(completed(outcome).result.verification).toMatchObject({ reason: 'objected', llr: null });
    const { rows } = await owner.query(`SELECT status FROM voiceprints WHERE customer_id = $1`, [customerId]);
    expect(rows).toEqual([{ status: 'active' }]);
  });
});

describe('consent withdrawn while a call is on its way between two processes', () => {
  it('destroys what the first of them had written of it', async () => {
    const allison = await calls.enrolled('ALLISON', 'allison');
    const leaving = when(accepted, async ({ callId }) => {
      await here.close();
      return callId;
    });
    await calls.call(speech('allison', 'call-1'), { customer: 'ALLISON' }, leaving.onResult);
    const callId = await leaving.done;
    expect((await stored(callId)).evidence.length).toBeGreaterThan(0);
    await desk
      .as('agent')
      .delete(`/v1/customers/${allison.customerId}/consents/${allison.consentId}`)
      .expect(200);
    expect((await stored(callId)).evidence).toEqual([]);
    const { rowCount } = await owner.query('SELECT 1 FROM call_handovers');
    expect(rowCount).toBe(0);
  });
});
