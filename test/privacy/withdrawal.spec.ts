import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import type { CallId, ConsentId, CustomerId, WatchlistEntryId, WatchlistId } from '../../src/core/ids.js';
import { CallEventWriter } from '../../src/modules/calls/call-log/call-event-writer.js';
import { eraseLateResults } from '../../src/modules/calls/call-log/erased-calls.js';
import { Database } from '../../src/platform/database/database.service.js';
import { FlagsService } from '../../src/modules/fraud/flags/flags.service.js';
import { Bank, completed, measuredIn, speech, toldSince, when } from '../e2e/bank.js';
import { aVerification } from '../fraud/call-rows.js';
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
  it('stops the call for good, and destroys what was derived in it', async () => {
    const june = await calls.enrolled('JUNE', 'june');
    const { closed } = await calls.closing('withdrawn');
    const told: CallResult[] = [];
    let before: string[] = [];
    const withdrawal = when(accepted, async ({ callId }) => {
      before = (await stored(callId)).evidence;
      return desk.as('agent').delete(`/v1/customers/${june.customerId}/consents/${june.consentId}`);
    });
    const outcome = await calls.call(
      speech('june', 'call-1'),
      { customer: 'JUNE', callId: 'withdrawn' },
      (result) => {
        withdrawal.onResult(result);
        told.push(result);
      },
    );
    const { result, callId } = completed(outcome);
    expect((await withdrawal.done).body).toMatchObject({ alreadyWithdrawn: false, destroyed: { keys: 1 } });
    expect(measuredIn(toldSince('opted-out', told))).toEqual([]);
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

/** Tables of the whole database whose rows hold one of these numbers, as digits. */
async function tablesWith(numbers: readonly number[]): Promise<string[]> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const digits = numbers.map((number) => `%${String(Math.abs(number))}%`);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await owner.query(`SELECT 1 FROM ${name} AS t WHERE t::text LIKE ANY($1) LIMIT 1`, [
      digits,
    ]);
    if (rowCount !== 0) found.push(name);
  }
  return found.sort();
}

interface FlagFile {
  readonly severity: string;
  readonly state: string;
  readonly version: number;
  readonly reasons: readonly {
    readonly code: string;
    readonly weightNats: number | null;
    readonly text: string;
    readonly evidence: { readonly llr?: number };
  }[];
  readonly history: readonly {
    readonly kind: string;
    readonly severity?: string | { readonly to: string };
  }[];
}

async function flagOf(callId: string): Promise<FlagFile> {
  const { body } = await desk.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
  const { flagId } = (body as { flags: { flagId: string }[] }).flags[0]!;
  const { body: file } = await desk.as('fraud').get(`/v1/flags/${flagId}`).expect(200);
  return file as FlagFile;
}

describe('consent withdrawn on another process while a call with a flag goes on', () => {
  const victim = { customerId: '', consentId: '' };
  let endedCallId: string;
  let ended: FlagFile;

  const ofVoice = ({ reasons }: FlagFile) => reasons.find(({ code }) => code === 'voice-mismatch')!;

  beforeAll(async () => {
    Object.assign(victim, await calls.enrolled('VICTIM', 'allison'));
    ({ callId: endedCallId } = completed(
      await calls.call(speech('menardi', 'call-1'), { customer: 'VICTIM' }),
    ));
  });

  it('leaves the flag as grave as it was, and nothing of what was measured anywhere, once it is answered', async () => {
    const llrs: number[] = [];
    let before: string[] = [];
    let raised: FlagFile | undefined;
    const { closed } = await calls.closing('flagged');
    const withdrawal = when(
      ({ agent }) => agent.state === 'high-risk',
      async ({ callId }) => {
        raised = await flagOf(callId);
        ended = await flagOf(endedCallId);
        before = await tablesWith([ofVoice(raised).evidence.llr!]);
        await desk
          .as('agent')
          .delete(`/v1/customers/${victim.customerId}/consents/${victim.consentId}`)
          .expect(200);
        return flagOf(callId);
      },
    );
    const outcome = await calls.call(
      speech('carlo', 'call-1'),
      { customer: 'VICTIM', callId: 'flagged' },
      (result) => {
        if (result.verification.llr !== null) llrs.push(result.verification.llr);
        withdrawal.onResult(result);
      },
    );
    const flag = await withdrawal.done;
    await closed;
    // It was there, in more places than the flag itself.
    expect(before).toContain('call_events');

    // The flag may have grown until the very moment; its history says to what.
    const said = flag.history.flatMap(({ severity }) => severity ?? []).at(-1);
    const stood = typeof said === 'object' ? said.to : said;
    expect(flag).toMatchObject({ severity: stood, state: 'open' });
    expect(['high', 'critical']).toContain(stood);
    const codes = flag.reasons.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(raised!.reasons.map(({ code }) => code)));
    expect(ofVoice(flag)).toMatchObject({ weightNats: null, evidence: { verificationState: 'rejected' } });
    expect(ofVoice(flag).text).toMatch(
      /^The voice did not match the customer’s; what was measured was destroyed when consent was withdrawn at 2\S+Z\.$/,
    );
    expect(flag.history.map(({ kind }) => kind).slice(-1)).toEqual(['measurements-destroyed']);

    const { callId } = completed(outcome);
    const { rows } = await owner.query<{ payload: FlagFile }>(
      `SELECT payload FROM call_events WHERE call_id = $1 AND kind = 'flag'`,
      [callId],
    );
    expect(rows.map(({ payload }) => ofVoice(payload).weightNats)).not.toContainEqual(expect.any(Number));
    expect(rows.length).toBeGreaterThan(0);
    expect(llrs.length).toBeGreaterThan(1);
    expect(await tablesWith([...llrs, ofVoice(raised!).evidence.llr!])).toEqual([]);
  });

  it('is told in the audit log, in whole words', async () => {
    const { body } = await desk
      .as('privacy')
      .get('/v1/audit/entries?action=flag-measurements-destroyed')
      .expect(200);
    expect(JSON.stringify(body)).toContain('"because":"consent-withdrawn"');
    expect(await runAudit(postgres.url, 'verify')).toMatchObject({ code: 0 });
  });

  it('leaves the flags of calls that had ended as they were', async () => {
    expect(ofVoice(ended).evidence.llr).toBeLessThan(0);
    expect(await flagOf(endedCallId)).toEqual(ended);
  });

  it('takes in a flag that the call’s own process writes too late: as grave as it was weighed, without what was measured', async () => {
    const { rows } = await owner.query<{ call_id: string; customer_id: string; consent_id: string }>(
      `SELECT call_id, claimed_customer_id AS customer_id, consents.consent_id FROM calls
       JOIN consents ON consents.customer_id = claimed_customer_id
       WHERE external_id = 'withdrawn' AND kind = 'granted'`,
    );
    const { call_id, customer_id, consent_id } = rows[0]!;
    const llr = -4.654321;
    const flags = here.app.get(FlagsService, { strict: false });
    const verification = {
      ...aVerification('rejected', llr),
      consentId: consent_id as ConsentId,
    };
    const call = {
      callId: call_id as CallId,
      customerId: customer_id as CustomerId,
      verification,
      accountEvents: [],
    };
    const raised = await flags.assessCall(calls.tenantId, call);
    expect(raised).toMatchObject({
      severity: 'medium',
      reasons: [{ code: 'voice-mismatch', weightNats: null }],
    });
    // Nor does it grow by what is measured of a voice that may not be measured any more.
    const worse = { ...call, verification: { ...verification, llr: -14.654321 } };
    expect(await flags.assessCall(calls.tenantId, worse)).toEqual(raised);
    expect(await tablesWith([llr, 14.654321])).toEqual([]);
  });
});

describe('a result that a process found before it read of a withdrawal', () => {
  it('is written without what was measured', async () => {
    const { rows } = await owner.query<{ result: CallResult; customer_id: CustomerId }>(
      `SELECT result, claimed_customer_id AS customer_id FROM calls WHERE external_id = 'withdrawn'`,
    );
    const { result: told, customer_id: claimedCustomerId } = rows[0]!;
    const llr = 6.789123;
    const result = { ...told, claimedCustomerId, verification: aVerification('accepted', llr) };
    const writer = here.app.get(CallEventWriter, { strict: false });
    const write = { tenantId: calls.tenantId, callId: told.callId, at: new Date(), result };
    // As a process that has read nothing yet; and as one that has, of a consent given since.
    writer.add({ ...write, kind: 'result', payload: result, readTo: 0 });
    await writer.flushed();
    expect(await tablesWith([llr])).toEqual([]);
    writer.add({ ...write, kind: 'result', payload: result });
    await writer.flushed();
    expect(await tablesWith([llr])).toEqual(['call_events', 'calls']);
  });
});

describe('a result that is on its way when its customer is erased', () => {
  it('is not written, or is erased after', async () => {
    const { customerId } = await calls.enrolled('ERASED', 'june');
    const began = new Date();
    const { result: told, callId } = completed(
      await calls.call(speech('june', 'call-1'), { customer: 'ERASED' }),
    );
    const { tenantId } = calls;
    await desk
      .as('privacy')
      .post(`/v1/customers/${customerId}/erasure`)
      .send({ reason: 'request-of-the-person' })
      .expect(200);
    expect((await owner.query('SELECT 1 FROM customers WHERE customer_id = $1', [customerId])).rowCount).toBe(
      0,
    );
    const llr = 5.678912;
    const result = { ...told, verification: aVerification('accepted', llr) };
    const writer = here.app.get(CallEventWriter, { strict: false });
    const write = { tenantId, callId: callId as CallId, at: new Date(), kind: 'result' as const };
    writer.add({ ...write, payload: result, result, readTo: 0 });
    await writer.flushed();
    expect(await tablesWith([llr])).toEqual([]);
    // As one that was committed a moment before the erasure, which did not see it.
    writer.add({ ...write, payload: result, result });
    await writer.flushed();
    expect(await tablesWith([llr])).toEqual(['call_events', 'calls']);
    await here.app
      .get(Database, { strict: false })
      .forTenant(tenantId, (em) => eraseLateResults(em, customerId as CustomerId, began));
    expect(await tablesWith([llr])).toEqual([]);
  });
});

describe('a limit taken in on another process while the call goes on', () => {
  it('stops the call for good, and keeps the voiceprint, unused', async () => {
    const { customerId } = await calls.enrolled('CARLO', 'carlo');
    const told: CallResult[] = [];
    const limit = when(accepted, async () =>
      desk.as('agent').post(`/v1/customers/${customerId}/requests`).send({ kind: 'limit' }),
    );
    const outcome = await calls.call(speech('carlo', 'call-1'), { customer: 'CARLO' }, (result) => {
      limit.onResult(result);
      told.push(result);
    });
    expect((await limit.done).body).toMatchObject({ kind: 'limit', state: 'fulfilled' });
    expect(measuredIn(toldSince('opted-out', told))).toEqual([]);
    expect(completed(outcome).result.verification).toMatchObject({ reason: 'objected', llr: null });
    const { rows } = await owner.query(`SELECT status FROM voiceprints WHERE customer_id = $1`, [customerId]);
    expect(rows).toEqual([{ status: 'active' }]);
  });
});

describe('a match on a watchlist that was found in a call that goes on', () => {
  it('is left by a no to being verified, and loses what was measured by a no to screening', async () => {
    const customerId = (await calls.enrolled('LISTED', 'carlo')).customerId as CustomerId;
    const llr = 5.432109;
    const flags = here.app.get(FlagsService, { strict: false });
    const ask = (request: object) =>
      desk.as('agent').post(`/v1/customers/${customerId}/requests`).send(request).expect(201);
    const found = when(accepted, async ({ callId, verification }) => {
      await flags.assessCall(calls.tenantId, {
        callId,
        customerId,
        verification,
        accountEvents: [],
        watchlistMatch: {
          listId: randomUUID() as string as WatchlistId,
          listName: 'Confirmed',
          cosine: 0.71,
          entryId: randomUUID() as string as WatchlistEntryId,
          llr,
          falseMatchProbability: 0.0001,
          entries: 3,
          netSpeechMs: 6000,
          span: { startMs: 0, endMs: 8000 },
          modelId: 'm',
        },
      });
      await ask({ kind: 'limit', scopes: ['verification'] });
      const afterLimit = await tablesWith([llr]);
      await ask({ kind: 'objection', scopes: ['fraud-watchlist'] });
      return { afterLimit, afterObjection: await tablesWith([llr]), file: await flagOf(callId) };
    });
    await calls.call(speech('carlo', 'call-1'), { customer: 'LISTED' }, found.onResult);
    const { afterLimit, afterObjection, file } = await found.done;
    expect(afterLimit).toContain('flags');
    expect(afterObjection).toEqual([]);
    const reason = file.reasons.find(({ code }) => code === 'watchlist-match');
    expect(reason).toMatchObject({ weightNats: null, evidence: { listName: 'Confirmed' } });
    expect(reason?.text).toMatch(/destroyed when the customer objected at/);
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
