import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { startApp, type TestApp } from '../support/app.js';
import { Bank, completed, measuredIn, speech, toldSince, when } from './bank.js';

// Real speech of real people (samples/README.md), the shipped model, a real PostgreSQL and real sockets.
let app: TestApp;
let bank: Bank;
let allison: { customerId: string; consentId: string };

beforeAll(async () => {
  app = await startApp({
    agentPageFramedBy: ['https://desk.example.com'],
    publicUrl: 'https://timbre.example.com',
  });
  bank = await Bank.open(app);
  allison = await bank.enrolled('ALLISON', 'allison');
}, 120_000);
afterAll(async () => {
  await app.close();
});

const states = (results: readonly CallResult[]) =>
  results.map(({ verification }) => verification.state).filter((state, i, all) => state !== all[i - 1]);

describe('a call', () => {
  it('verifies the right caller while they talk', async () => {
    const results: CallResult[] = [];
    const outcome = await bank.call(speech('allison', 'call-1'), { customer: 'ALLISON' }, (result) =>
      results.push(result),
    );
    const { result } = completed(outcome);
    expect(states(results)).toEqual(['not-claimed', 'collecting', 'accepted']);
    expect(result).toMatchObject({
      claimedCustomerId: allison.customerId,
      verification: { state: 'accepted', consentId: allison.consentId, quality: [] },
      agent: { state: 'verified' },
      audio: { droppedMs: 0, lostMs: 0, withheldMs: 0 },
    });
    expect(result.audio.analysedMs).toBeCloseTo(result.audio.receivedMs, 0);
    expect(result.verification.llr ?? 0).toBeGreaterThan(
      result.verification.thresholds?.acceptLlr ?? Infinity,
    );
    expect(result.firstDecision?.netSpeechMs).toBeGreaterThanOrEqual(5000);
    expect(result.firstDecision?.netSpeechMs).toBeLessThan(6500);
  });

  it('tells at least every second of new net speech', async () => {
    const results: CallResult[] = [];
    await bank.call(speech('allison', 'call-2'), { customer: 'ALLISON' }, (result) => results.push(result));
    const heard = results.map(({ verification }) => verification.netSpeechMs);
    const steps = heard.slice(1).map((ms, i) => ms - (heard[i] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1000);
  });

  it('rejects a wrong caller, flags the call once, and has the flag before a payout is answered', async () => {
    const payout = when(
      ({ verification }) => verification.state === 'rejected',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/account-events`).send({ kind: 'payout' }),
    );
    const outcome = await bank.call(speech('carlo', 'call-1'), { customer: 'ALLISON' }, payout.onResult);
    const { result, callId } = completed(outcome);
    const answer = await payout.done;
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ verificationState: 'rejected', flag: { state: 'open' } });
    expect(result).toMatchObject({ verification: { state: 'rejected' }, agent: { state: 'high-risk' } });

    const { body } = await bank.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
    const { flags } = body as { flags: { flagId: string; reasons: { code: string }[] }[] };
    expect(flags).toHaveLength(1);
    expect(flags[0]?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['voice-mismatch', 'sensitive-action']),
    );
    const flagId = flags[0]?.flagId ?? '';
    const { body: flag } = await bank.as('fraud').get(`/v1/flags/${flagId}`).expect(200);
    await bank
      .as('fraud')
      .patch(`/v1/flags/${flagId}`)
      .send({
        state: 'in-review',
        assignee: 'test',
        note: 'calling back',
        version: (flag as { version: number }).version,
      })
      .expect(200);
  });

  it('processes nothing for an account without consent', async () => {
    await bank.customer('NO-CONSENT');
    const { result } = completed(await bank.call(speech('june', 'call-2'), { customer: 'NO-CONSENT' }));
    expect(result).toMatchObject({
      verification: { state: 'no-consent', reason: 'consent-missing', llr: null, netSpeechMs: 0 },
      agent: { state: 'no-voice-check' },
      audio: { analysedMs: 0 },
    });
    expect(result.audio.withheldMs).toBeCloseTo(result.audio.receivedMs, 0);
  });

  it('stops for good when consent is withdrawn in mid-call, and leaves no voiceprint or key', async () => {
    const june = await bank.enrolled('JUNE', 'june');
    const told: CallResult[] = [];
    const withdrawal = when(
      ({ verification }) => verification.state === 'accepted',
      () => bank.as('agent').delete(`/v1/customers/${june.customerId}/consents/${june.consentId}`),
    );
    const outcome = await bank.call(speech('june', 'call-1'), { customer: 'JUNE' }, (result) => {
      withdrawal.onResult(result);
      told.push(result);
    });
    const { result } = completed(outcome);
    expect((await withdrawal.done).status).toBeLessThan(300);
    expect(measuredIn(toldSince('opted-out', told))).toEqual([]);
    expect(result).toMatchObject({
      verification: { state: 'opted-out', llr: null, span: null, consentId: null },
    });
    expect(result.audio.withheldMs).toBeGreaterThan(5000);

    const owner = new pg.Client({ connectionString: app.adminUrl });
    await owner.connect();
    const { rows: keys } = await owner.query<{ wrapped_key: Buffer | null }>(
      'SELECT wrapped_key FROM customer_keys WHERE customer_id = $1',
      [june.customerId],
    );
    const { rows: prints } = await owner.query<{ ciphertext: Buffer | null }>(
      'SELECT ciphertext FROM voiceprints WHERE customer_id = $1',
      [june.customerId],
    );
    await owner.end();
    expect(keys.map(({ wrapped_key }) => wrapped_key)).toEqual([null]);
    expect(prints.map(({ ciphertext }) => ciphertext)).toEqual([null]);
  });

  it('lets what was said before the claim count, unheard until consent is checked', async () => {
    const claim = when(
      ({ verification }) => verification.state === 'not-claimed',
      async ({ callId }) =>
        bank.as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: allison.customerId }),
    );
    const outcome = await bank.call(speech('allison', 'call-1'), {}, claim.onResult);
    expect((await claim.done).status).toBe(200);
    expect(completed(outcome).result).toMatchObject({
      verification: { state: 'accepted' },
      audio: { withheldMs: 0 },
    });
  });

  it('begins afresh when the agent names the customer again: another person is speaking', async () => {
    const states: string[] = [];
    const callerChange = when(
      ({ verification }) => verification.state === 'accepted',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: 'ALLISON' }),
    );
    const outcome = await bank.call(
      [...speech('allison', 'call-2'), ...speech('carlo', 'call-1')],
      { customer: 'ALLISON' },
      (result) => {
        callerChange.onResult(result);
        if (states.at(-1) !== result.verification.state) states.push(result.verification.state);
      },
    );
    expect((await callerChange.done).status).toBe(200);
    const afresh = states.indexOf('accepted') + 1;
    expect(states.slice(afresh, afresh + 2)).toEqual(['not-claimed', 'collecting']);
    expect(completed(outcome).result.verification.state).not.toBe('accepted');
  });

  it('stays unclaimed when the customer is another tenant’s', async () => {
    const other = await Bank.open(app);
    const outcome = await other.call(speech('allison', 'call-2'), { customer: allison.customerId });
    const { result, callId } = completed(outcome);
    expect(result).toMatchObject({
      claimedCustomerId: null,
      verification: { state: 'not-claimed' },
      audio: { analysedMs: 0 },
    });
    await other.as('agent').get(`/v1/calls/${callId}`).expect(200);
    await bank.as('agent').get(`/v1/calls/${callId}`).expect(404);
    await bank.as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: 'ALLISON' }).expect(404);
  });

  it('stops by itself when a consent ends in mid-call', async () => {
    let passedMs = 0;
    const clock = { nowMs: () => Date.now() + passedMs };
    const later = await startApp({}, undefined, clock);
    const branch = await Bank.open(later);
    const menardi = await branch.customer('MENARDI');
    await branch.consent(menardi, { validUntil: new Date(clock.nowMs() + 3_600_000).toISOString() });
    for (const file of speech('menardi', 'enrol-1'))
      expect((await branch.upload(menardi, file)).status).toBeLessThan(300);
    const hour = when(
      ({ verification }) => verification.state === 'accepted',
      async () => void (passedMs = 3_600_000),
    );
    const ended = new AbortController();
    const outcome = await branch.call(
      [...speech('menardi', 'call-1', 'call-2'), ...speech('menardi', 'call-1', 'call-2')],
      { customer: 'MENARDI', hangUp: ended.signal },
      (result) => {
        hour.onResult(result);
        if (result.verification.state === 'no-consent') ended.abort();
      },
    );
    await later.close();
    expect(completed(outcome).result.verification).toMatchObject({
      state: 'no-consent',
      reason: 'consent-expired',
      llr: null,
    });
  });

  it('keeps its story: events in order, the last result, and who was claimed', async () => {
    const { closed } = await bank.closing('its-story');
    const { callId, result } = completed(
      await bank.call(speech('allison', 'call-2'), { customer: 'ALLISON', callId: 'its-story' }),
    );
    await closed;
    const { body: call } = await bank.as('agent').get(`/v1/calls/${callId}`).expect(200);
    expect(call).toMatchObject({
      claimedCustomerId: allison.customerId,
      closeReason: 'ended',
      result: { verification: result.verification },
    });
    const { body } = await bank.as('agent').get(`/v1/calls/${callId}/events`).expect(200);
    const { events } = body as { events: { id: string; kind: string }[] };
    expect(events[0]?.kind).toBe('opened');
    expect(events.at(-1)?.kind).toBe('closed');
    const ids = events.map(({ id }) => BigInt(id));
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('keeps no number in clear, anywhere', async () => {
    const ani = '+15550100987';
    const { callId } = completed(
      await bank.call(speech('allison', 'call-2'), { customer: 'ALLISON', ani, dnis: '+15550100123' }),
    );
    const owner = new pg.Client({ connectionString: app.adminUrl });
    await owner.connect();
    const { rows } = await owner.query<{ text: string }>(
      `SELECT calls::text || coalesce(string_agg(call_events::text, ''), '') AS text
       FROM calls LEFT JOIN call_events USING (call_id) WHERE call_id = $1 GROUP BY calls.*`,
      [callId],
    );
    await owner.end();
    expect(rows[0]?.text).toContain(callId);
    expect(rows[0]?.text).not.toMatch(/5550100/);
  });
});

describe('a call that comes by Twilio Media Streams', () => {
  it('is verified like any other, with nothing sent back', async () => {
    const [accountSid, authToken] = [`AC${'0'.repeat(32)}`, 'a-secret-of-this-test-only-0123456'];
    await bank
      .as('admin')
      .post('/v1/telephony-credentials')
      .send({ protocol: 'twilio', accountSid, authToken })
      .expect(201);
    const twilio = (secret: string) => ({
      url: `${app.url.replace(/^http/, 'ws')}/v1/telephony/twilio`,
      protocol: {
        kind: 'twilio' as const,
        accountSid,
        authToken: secret,
        signedUrl: 'wss://timbre.example.com/v1/telephony/twilio',
      },
      customer: 'ALLISON',
      callId: 'CA-e2e',
    });
    expect(await bank.call(speech('allison', 'call-2'), twilio('another-secret'))).toMatchObject({
      kind: 'refused',
    });
    const { closed } = await bank.closing('CA-e2e');
    expect(await bank.call(speech('allison', 'call-2'), twilio(authToken))).toMatchObject({
      kind: 'completed',
    });
    await closed;
    const { body } = await bank.as('agent').get('/v1/calls?limit=1').expect(200);
    expect(body).toMatchObject({
      calls: [{ protocol: 'twilio', closeReason: 'ended', result: { verification: { state: 'accepted' } } }],
    });
  });
});

describe('the agent page', () => {
  it('may be framed by the desktop that the operator names, and no other', async () => {
    const { headers } = await bank.as('agent').get('/agent').expect(200);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'self' https://desk.example.com");
  });
});

describe('enrolment from a live call', () => {
  it('makes a voiceprint that counts from the next call on', async () => {
    const customerId = await bank.customer('CARLO');
    await bank.consent(customerId, { method: 'read-by-agent' });
    const enrolment = when(
      ({ verification }) => verification.state === 'not-enrolled',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/enrolment`),
    );
    const files = speech('carlo', 'enrol-1', 'enrol-2');
    const { closed } = await bank.closing('enrols');
    const first = completed(
      await bank.call(files, { customer: 'CARLO', callId: 'enrols' }, enrolment.onResult),
    );
    await closed;
    expect((await enrolment.done).body).toMatchObject({ state: 'gathering', neededMs: 20_000 });
    expect(first.result.verification).toMatchObject({
      state: 'not-enrolled',
      reason: 'enrolled-in-this-call',
      llr: null,
    });
    const { body } = await bank.as('agent').get(`/v1/calls/${first.callId}/events`).expect(200);
    expect((body as { events: object[] }).events).toContainEqual(
      expect.objectContaining({ kind: 'enrolment', payload: expect.objectContaining({ kind: 'enrolled' }) }),
    );

    const next = completed(await bank.call(speech('carlo', 'call-1'), { customer: 'CARLO' }));
    expect(next.result.verification.state).toBe('accepted');
  });

  it('is refused without consent for it', async () => {
    const customerId = await bank.customer('VERIFY-ONLY');
    await bank.consent(customerId, { purposes: ['verification'] });
    const enrolment = when(
      ({ verification }) => verification.state === 'not-enrolled',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/enrolment`),
    );
    const { result } = completed(
      await bank.call(speech('june', 'call-2'), { customer: 'VERIFY-ONLY' }, enrolment.onResult),
    );
    expect(await enrolment.done).toMatchObject({
      status: 409,
      body: { type: 'urn:timbre:problem:no-consent' },
    });
    expect(result.audio.analysedMs).toBe(0);
  });

  it('is refused to a caller whose voice was rejected', async () => {
    const enrolment = when(
      ({ verification }) => verification.state === 'rejected',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/enrolment`),
    );
    await bank.call(speech('carlo', 'call-2'), { customer: 'ALLISON' }, enrolment.onResult);
    expect(await enrolment.done).toMatchObject({
      status: 409,
      body: { type: 'urn:timbre:problem:call-under-suspicion' },
    });
  });
});
