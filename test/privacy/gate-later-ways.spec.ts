import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallResult } from '../../src/core/calls/result.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { modelDir } from '../engine/support.js';
import { Microphone, seconds, speech as recorded } from '../self-service/microphone.js';
import { Browser } from '../self-service/support.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { ModelShelf } from '../support/models.js';
import { startOwnPostgres, type TestPostgres } from '../support/postgres.js';
import { countedEngine, type Heard } from './counted-engine.js';

/**
 * The rest of gate.spec.ts: a voiceprint that is made anew for another model from a verified call, a customer at the browser's
 * microphone, and a call in which another voice takes over. Two models are served; everybody was enrolled with the earlier one.
 */
const earlier = 'timbre-sv-8k-v1';
const shelf = new ModelShelf();
const nextDir = shelf.copy('next');
const masterKey = randomBytes(32);
let postgres: TestPostgres;
let app: TestApp;
let bank: Bank;
let heard: Heard;
const ids: Record<string, string> = {};
const consents: Record<string, string> = {};

beforeAll(async () => {
  postgres = await startOwnPostgres();
  const before = await startAppOn(postgres, { masterKey });
  const first = await Bank.open(before);
  const people = [
    ['ALLISON', 'allison'],
    ['MENARDI', 'menardi'],
    ['LAST', 'allison'],
    ['JUNE', 'june'],
  ] as const;
  await Promise.all(
    people.map(async ([name, speaker]) => {
      const { customerId, consentId } = await first.enrolled(name, speaker);
      ids[name] = customerId;
      consents[name] = consentId;
    }),
  );
  const june = `/v1/customers/${idOf('JUNE')}/consents/${consents['JUNE'] ?? ''}`;
  await first.as('agent').delete(june).expect(200);
  // Carlo was never asked.
  ids['CARLO'] = await first.customer('CARLO');
  await before.close();
  app = await startAppOn(postgres, {
    masterKey,
    modelDir: nextDir,
    previousModelDirs: [modelDir],
    shutdownGraceMs: 500,
  });
  bank = first.at(app);
  heard = countedEngine(app);
}, 120_000);
beforeEach(() => {
  heard.reset();
});
afterAll(async () => {
  await app.close();
  await postgres.stop();
  shelf.remove();
});

/** Who has withdrawn, and who was never asked. */
const eachOf = (walk: (customer: string) => Promise<unknown>) => Promise.all(['JUNE', 'CARLO'].map(walk));
const idOf = (name: string): string => ids[name] ?? '';

/** Undefined where there never was one. */
async function voiceprint(name: string): Promise<{ modelId: string; status: string } | null | undefined> {
  const { body } = await bank.as('privacy').get(`/v1/customers/${idOf(name)}/voiceprint`);
  return (body as { voiceprint?: { modelId: string; status: string } | null }).voiceprint;
}

describe('a voiceprint for the new model', () => {
  it('is not made of a call of June or Carlo, which neither model hears', async () => {
    await eachOf((customer) => bank.call(speech('june', 'call-1'), { customer, speed: 20 }));
    expect(heard).toMatchObject({ opened: 0, pushed: 0 });
    await eachOf(async (customer) => {
      expect((await voiceprint(customer))?.status).not.toBe('active');
    });
  });

  it('is made of a verified call under the consent that the old one was made under', async () => {
    await bank.call(speech('allison', 'call-1'), { customer: 'ALLISON', speed: 20 });
    expect([...heard.models].sort()).toEqual(['next', earlier]);
    expect(await voiceprint('ALLISON')).toMatchObject({ modelId: 'next', status: 'active' });
  });

  it('is not made where consent is withdrawn before the call ends', async () => {
    const consent = `/v1/customers/${idOf('MENARDI')}/consents/${consents['MENARDI'] ?? ''}`;
    const withdrawal = when(
      ({ verification }) => verification.state === 'accepted',
      () => bank.as('agent').delete(consent),
    );
    let pushedWhenOut = -1;
    await bank.call(speech('menardi', 'call-1'), { customer: 'MENARDI' }, (result) => {
      withdrawal.onResult(result);
      if (result.verification.state === 'opted-out' && pushedWhenOut < 0) pushedWhenOut = heard.pushed;
    });
    expect((await withdrawal.done).status).toBe(200);
    expect(heard.models).toContain('next');
    expect(heard.pushed).toBe(pushedWhenOut);
    expect((await voiceprint('MENARDI'))?.status).not.toBe('active');
  });
});

/** The customer's page, entered by a link of the bank's site. */
async function page(name: string): Promise<Browser> {
  const { body } = await bank
    .as('customer-service')
    .post(`/v1/customers/${idOf(name)}/self-service-links`)
    .send({})
    .expect(201);
  const browser = new Browser(app.url);
  await browser.open(new URL((body as { url: string }).url).hash.slice('#link='.length)).expect(201);
  return browser;
}

const said = seconds(recorded('allison/enrol-1'), 0, 8);

describe('a browser’s microphone', () => {
  it('of June or Carlo is not heard', async () => {
    await eachOf(async (customer) => {
      const microphone = await Microphone.open(await page(customer));
      await microphone.start();
      expect(await microphone.result()).toMatchObject({ kind: 'no-consent' });
    });
    expect(heard.opened).toBe(0);
  });

  it('of somebody who has consented is', async () => {
    const microphone = await Microphone.open(await page('LAST'));
    await microphone.start();
    microphone.speak(said);
    microphone.say({ type: 'stop' });
    expect(await microphone.result()).toMatchObject({ kind: 'incomplete' });
    expect(heard.opened).toBe(1);
    expect(heard.pushed).toBeGreaterThan(0);
  });
});

const twoVoices = [...speech('allison', 'call-1'), ...speech('carlo', 'call-1')];

describe('a call in which another voice takes over', () => {
  it('is not heard for June or Carlo, neither voice', async () => {
    await eachOf((customer) => bank.call(twoVoices, { customer, speed: 20 }));
    expect(heard).toMatchObject({ opened: 0, pushed: 0 });
  });

  it('is heard for somebody who has consented, the second voice afresh and in the same stream', async () => {
    const { result } = completed(await bank.call(twoVoices, { customer: 'ALLISON', speed: 20 }));
    expect(result.verification.callerChange).not.toBeNull();
    expect(heard.opened).toBe(1);
  });
});

describe('when the database goes away', () => {
  it('none of them goes on: not the call with a new voice, not the speech for a new model, not the microphone', async () => {
    const visitor = await page('LAST');
    const microphone = await Microphone.open(visitor);
    await microphone.start();
    microphone.speak(said);
    await microphone.next('progress');

    const isClosed = ({ verification }: CallResult) => verification.reason === 'gate-unavailable';
    let pushedWhenClosed = -1;
    const changed = when(
      ({ verification }) => Boolean(verification.callerChange),
      () => postgres.stop(),
    );
    // The voiceprint is still of the earlier model, so this call gathers speech for the new one until the voice changes.
    const outcome = await bank.call(twoVoices, { customer: 'LAST' }, (result) => {
      changed.onResult(result);
      if (isClosed(result) && pushedWhenClosed < 0) pushedWhenClosed = heard.pushed;
    });
    await changed.done;
    expect([...heard.models].sort()).toEqual(['next', earlier]);
    const { verification } = completed(outcome).result;
    expect(verification).toMatchObject({ reason: 'gate-unavailable', llr: null, callerChange: null });
    expect(await microphone.result()).toEqual({ kind: 'failed' });
    expect(heard.pushed).toBe(pushedWhenClosed);

    heard.reset();
    await expect(Microphone.open(visitor)).rejects.toThrow(/Unexpected server response: 5/);
    expect(heard).toMatchObject({ opened: 0, pushed: 0 });
  }, 60_000);
});
