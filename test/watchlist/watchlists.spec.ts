import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Role } from '../../src/core/auth/principal.js';
import { RetentionSweeper } from '../../src/modules/rights/retention/retention-sweeper.js';
import { WatchlistDirectory } from '../../src/modules/fraud/watchlists/watchlist-directory.js';
import { startTimbre, type RunningTimbre } from '../../src/start.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { startApp, testConfig, type TestApp } from '../support/app.js';
import { silentLogger } from '../support/postgres.js';
import { nextFact } from '../support/facts.js';
import type { StoredFact } from '../../src/modules/installation/facts/fact.js';
import { flaggedCall } from '../../src/modules/installation/facts/effects.js';

/** Two processes of one center: what is done on the first must reach the calls of the second. */
let here: TestApp;
let there: RunningTimbre;
let owner: pg.Client;
const dayMs = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();

beforeAll(async () => {
  const masterKey = randomBytes(32);
  here = await startApp({ masterKey });
  there = await startTimbre(
    testConfig({ databaseUrl: here.databaseUrl, databasePool: 5, masterKey }),
    silentLogger,
  );
  owner = new pg.Client({ connectionString: here.adminUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner.end();
  await there.close();
  await here.close();
});

const ground = {
  name: 'confirmed-fraud',
  purpose: 'Recognise voices of confirmed frauds.',
  ground: 'substantial-public-interest',
  legalReference: 'a test',
  residences: ['DE'],
  unknownResidence: false,
  reach: 'verified-calls',
  approvedBy: 'the officer',
  reviewBy: inDays(300),
};
const entry = {
  reference: 'CASE-1',
  residence: 'DE',
  basisNote: 'Confirmed by the police.',
  reviewedBy: 'M. K.',
  keepUntil: inDays(100),
};

/** A bank whose officers work on the first process and whose calls come in on the second. */
async function open(list: object = {}): Promise<Center> {
  const officers = await Bank.open(here);
  const calls = Object.assign(Object.create(Bank.prototype) as Bank, officers, {
    app: { ...here, url: there.url },
  });
  const made = await officers
    .as('admin')
    .post('/v1/watchlists')
    .send({ ...ground, ...list })
    .expect(201);
  return new Center(officers, calls, (made.body as { listId: string }).listId);
}

class Center {
  constructor(
    readonly officers: Bank,
    readonly calls: Bank,
    readonly listId: string,
  ) {}

  get entries(): string {
    return `/v1/watchlists/${this.listId}/entries`;
  }

  async put(speaker: string, more: object = {}, status = 201): Promise<Record<string, unknown>> {
    const [file] = speech(speaker, 'enrol-1');
    const request = this.officers.as('fraud').post(this.entries);
    for (const [name, value] of Object.entries({ ...entry, ...more })) void request.field(name, value);
    const { body, status: got } = await request.attach('file', await readFile(file!), 'voice.wav');
    expect([got, body]).toEqual([status, body]);
    return body as Record<string, unknown>;
  }

  async reasons(callId: string): Promise<{ code: string; evidence: Record<string, unknown> }[]> {
    const { body } = await this.officers.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
    const { flags } = body as { flags: { flagId: string }[] };
    if (flags[0] === undefined) return [];
    const file = await this.officers.as('fraud').get(`/v1/flags/${flags[0].flagId}`).expect(200);
    return (file.body as { reasons: { code: string; evidence: Record<string, unknown> }[] }).reasons;
  }

  async match(callId: string): Promise<Record<string, unknown> | undefined> {
    return (await this.reasons(callId)).find(({ code }) => code === 'watchlist-match')?.evidence;
  }
}

const said = (speaker: string): string[] => speech(speaker, 'call-1');
const saidAtLength = (speaker: string): string[] => speech(speaker, 'call-1', 'call-2');
/** Nothing in these calls waits for an officer: as fast as the engine hears. */
const hurried = { speed: 40 };
const unhurried = { speed: 14 };

/** Resolves when the second process reads such a fact. */
const heardThere = (wanted: (fact: StoredFact) => boolean) => nextFact(there.app, wanted);

describe('a voice on a watchlist', () => {
  it('is found when it calls as another customer; another voice is not', async () => {
    const center = await open();
    const { customerId } = await center.officers.enrolled('VICTIM', 'june');
    const put = await center.put('allison');
    expect(put).toMatchObject({ reference: 'CASE-1', state: 'active', source: 'upload' });
    expect(JSON.stringify(put)).not.toMatch(/cipher|key"|embedding/i);
    const fraud = completed(await center.calls.call(said('allison'), { customer: customerId, ...hurried }));
    const match = await center.match(fraud.callId);
    expect(match).toMatchObject({ listId: center.listId, entryId: put['entryId'], entries: 1 });
    expect(match?.['falseMatchProbability']).toBeLessThanOrEqual(0.001);
    const events = await center.officers.as('agent').get(`/v1/calls/${fraud.callId}/events`).expect(200);
    const told = JSON.stringify(events.body);
    expect(told).toContain('on a watchlist');
    expect(told).not.toContain('confirmed-fraud"');
    expect(told).not.toContain(center.listId);
    const honest = completed(await center.calls.call(said('june'), { customer: customerId, ...hurried }));
    expect(honest.result.verification.state).toBe('accepted');
    expect(await center.reasons(honest.callId)).toEqual([]);
  }, 40_000);

  it('reaches a call while it goes on, and is out of every process when erased', async () => {
    const center = await open();
    const { customerId } = await center.officers.enrolled('VICTIM', 'allison');
    const order: string[] = [];
    const hangUp = new AbortController();
    const flagged = heardThere((fact) => flaggedCall(fact) !== undefined).then(() => {
      order.push('flagged');
      hangUp.abort();
    });
    // The voice is the customer's own, so nothing but the list can flag it.
    const late = when(
      ({ verification }) => verification.netSpeechMs >= 12_000,
      () => {
        order.push('put on the list');
        return center.put('allison');
      },
    );
    // As long as it takes: she is flagged while she talks, or never.
    const outcome = await center.calls.call(
      Array.from({ length: 5 }, () => saidAtLength('allison')).flat(),
      { customer: customerId, ...unhurried, hangUp: hangUp.signal },
      late.onResult,
    );
    order.push('call over');
    await Promise.all([flagged, late.done]);
    expect(order).toEqual(['put on the list', 'flagged', 'call over']);
    const match = await center.match(completed(outcome).callId);
    expect(match).toMatchObject({ listId: center.listId });

    const gone = heardThere(({ action }) => action === 'watchlist-entry-erased');
    const held = new Promise<void>((resolve) => {
      const end = there.app.get(WatchlistDirectory, { strict: false }).onChanged(() => {
        end();
        resolve();
      });
    });
    await center.officers
      .as('privacy')
      .delete(`${center.entries}/${match?.['entryId'] as string}`)
      .expect(204);
    await Promise.all([gone, held]);
    const [row] = (
      await owner.query(
        'SELECT wrapped_key, ciphertext, ended_reason FROM watchlist_entries WHERE entry_id = $1',
        [match?.['entryId']],
      )
    ).rows as unknown[];
    expect(row).toEqual({ wrapped_key: null, ciphertext: null, ended_reason: 'erased-on-request' });
    const after = completed(await center.calls.call(said('allison'), { customer: customerId, ...hurried }));
    expect(await center.match(after.callId)).toBeUndefined();
  }, 60_000);

  it('can be taken from a call that goes on, never from one that is over', async () => {
    const center = await open();
    const { customerId } = await center.officers.enrolled('VICTIM', 'june');
    const officerThere = center.calls.as('fraud');
    const taken = when(
      ({ verification }) => verification.netSpeechMs >= 12_000,
      async ({ callId }) => officerThere.post(`${center.entries}/from-call`).send({ ...entry, callId }),
    );
    const first = completed(
      await center.calls.call(saidAtLength('carlo'), { customer: customerId, ...unhurried }, taken.onResult),
    );
    expect((await taken.done).body).toMatchObject({ source: 'call', callId: first.callId, state: 'active' });
    const again = completed(await center.calls.call(said('carlo'), { customer: customerId, ...hurried }));
    expect(await center.match(again.callId)).toMatchObject({ listId: center.listId });
    const over = await officerThere
      .post(`${center.entries}/from-call`)
      .send({ ...entry, callId: first.callId });
    expect([over.status, (over.body as { type: string }).type]).toEqual([
      409,
      'urn:timbre:problem:call-not-live',
    ]);
  }, 60_000);

  it('goes at its date, on every process', async () => {
    const center = await open();
    const { customerId } = await center.officers.enrolled('VICTIM', 'june');
    const put = await center.put('allison');
    await owner.query(
      `UPDATE watchlist_entries SET expires_at = now() - interval '1 second' WHERE entry_id = $1`,
      [put['entryId']],
    );
    const gone = heardThere(
      ({ action, subject }) => action === 'watchlist-entry-expired' && subject.id === put['entryId'],
    );
    await here.app.get(RetentionSweeper, { strict: false }).sweepNow();
    await gone;
    const { body } = await center.officers.as('privacy').get(center.entries).expect(200);
    expect((body as { entries: unknown[] }).entries).toMatchObject([
      { state: 'ended', endedReason: 'retention' },
    ]);
    const call = completed(await center.calls.call(said('allison'), { customer: customerId, ...hurried }));
    expect(await center.match(call.callId)).toBeUndefined();
  }, 40_000);
});

describe('the gate of screening', () => {
  it('analyses no voice for screening alone unless the list says so', async () => {
    const narrow = await open();
    const stranger = await narrow.officers.customer('STRANGER');
    await narrow.put('allison');
    const unheard = completed(await narrow.calls.call(said('allison'), { customer: stranger, ...hurried }));
    expect(unheard.result.audio.analysedMs).toBe(0);
    expect(await narrow.reasons(unheard.callId)).toEqual([]);

    await narrow.officers
      .as('admin')
      .put(`/v1/watchlists/${narrow.listId}`)
      .send({ ...ground, reach: 'every-claimed-call' })
      .expect(200);
    const heard = completed(await narrow.calls.call(said('allison'), { customer: stranger, ...hurried }));
    expect(heard.result.verification.state).toBe('no-consent');
    expect(await narrow.match(heard.callId)).toMatchObject({ listId: narrow.listId });
  }, 40_000);

  it('holds no call against a list that does not cover the caller, though it is verified', async () => {
    const center = await open({ residences: ['FR'] });
    const { customerId } = await center.officers.enrolled('VICTIM', 'june');
    await center.put('allison', { residence: 'FR' });
    const call = completed(await center.calls.call(said('allison'), { customer: customerId, ...hurried }));
    expect(call.result.verification.netSpeechMs).toBeGreaterThan(5000);
    expect(await center.match(call.callId)).toBeUndefined();
    const over = await center.calls
      .as('fraud')
      .post(`${center.entries}/from-call`)
      .send({ ...entry, residence: 'DE', callId: call.callId });
    expect(over.status).toBe(409);
  }, 40_000);

  it('closes when the caller withdraws in mid-call: the voice is not held against what comes after', async () => {
    const center = await open({ reach: 'every-claimed-call' });
    const { customerId, consentId } = await center.officers.enrolled('VICTIM', 'allison');
    const withdrawn = when(
      ({ verification }) => verification.netSpeechMs >= 8_000,
      async () => {
        await center.officers
          .as('customer-service')
          .delete(`/v1/customers/${customerId}/consents/${consentId}`)
          .expect((answer) => {
            if (answer.status >= 300) throw new Error(`withdrawal: ${answer.status}`);
          });
        await center.put('allison');
      },
    );
    const call = completed(
      await center.calls.call(
        saidAtLength('allison'),
        { customer: customerId, ...unhurried },
        withdrawn.onResult,
      ),
    );
    await withdrawn.done;
    expect(call.result.verification.state).toBe('opted-out');
    expect(await center.reasons(call.callId)).toEqual([]);
  }, 60_000);

  it('adds nothing without cover, release or an approval in force, and keeps nothing longer than the policy', async () => {
    const center = await open();
    expect(await center.put('allison', { residence: 'FR' }, 409)).toMatchObject({
      type: 'urn:timbre:problem:release-missing',
    });
    expect(await center.put('allison', { residence: 'US-IL' }, 409)).toMatchObject({
      type: 'urn:timbre:problem:release-missing',
    });
    expect(await center.put('allison', { residence: 'US-IL', releaseReference: 'file 7' })).toMatchObject({
      residence: 'US-IL',
    });
    expect(await center.put('allison', { residence: 'DE', keepUntil: inDays(800) }, 400)).toMatchObject({
      errors: [{ field: 'keepUntil' }],
    });
    await owner.query(`UPDATE watchlists SET review_by = now() WHERE list_id = $1`, [center.listId]);
    expect(await center.put('allison', { residence: 'DE' }, 409)).toMatchObject({
      type: 'urn:timbre:problem:basis-review-overdue',
    });
  }, 40_000);

  it('is set up by the admin, fed by the fraud team, and emptied by the privacy officer', async () => {
    const center = await open();
    const allowed = async (role: Role, method: 'get' | 'post' | 'delete', path: string): Promise<boolean> =>
      (await center.officers.as(role)[method](path)).status !== 403;
    expect(await allowed('fraud', 'post', '/v1/watchlists')).toBe(false);
    expect(await allowed('agent', 'get', '/v1/watchlists')).toBe(false);
    expect(await allowed('privacy', 'post', center.entries)).toBe(false);
    expect(await allowed('admin', 'post', center.entries)).toBe(false);
    expect(await allowed('fraud', 'delete', `/v1/watchlists/${center.listId}`)).toBe(false);
    await center.put('june');
    await center.officers.as('privacy').delete(`/v1/watchlists/${center.listId}`).expect(204);
    const { rows } = await owner.query(
      'SELECT 1 FROM watchlist_entries WHERE list_id = $1 AND (wrapped_key IS NOT NULL OR ciphertext IS NOT NULL)',
      [center.listId],
    );
    expect(rows).toEqual([]);
    const refused = await center.officers
      .as('admin')
      .post('/v1/watchlists')
      .send({ ...ground, residences: ['US-IL'] });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('bipa')]);
  }, 40_000);
});
