import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallResult } from '../../src/core/calls/result.js';
import { protocolNames, speakerOf } from '../../tools/call/protocols.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startOwnPostgres, type TestPostgres } from '../support/postgres.js';
import { choiceOf, urlAt } from '../telephony/peers.js';
import { awsPort, kinesisCredential } from '../telephony/server.js';
import { countedEngine, type Heard } from './counted-engine.js';

/**
 * Every way to the engine, walked as the world walks it, by somebody whom no gate lets through and then, to show that the way
 * leads there, by somebody whom it does. gate-later-ways.spec.ts walks the rest; engine-ways.spec.ts holds that there are no others. All of Timbre, its real engine
 * counted at its one door.
 */
let postgres: TestPostgres;
let app: TestApp;
let bank: Bank;
let heard: Heard;

beforeAll(async () => {
  postgres = await startOwnPostgres();
  app = await startAppOn(postgres, { masterKey: randomBytes(32), shutdownGraceMs: 500, publicUrl });
  heard = countedEngine(app);
  bank = await Bank.open(app);
  await bank.enrolled('ALLISON', 'allison');
  // June has taken her consent back; Carlo was never asked.
  const june = await bank.enrolled('JUNE', 'june');
  await bank.as('agent').delete(`/v1/customers/${june.customerId}/consents/${june.consentId}`).expect(200);
  await bank.customer('CARLO');
  await bank
    .as('admin')
    .post('/v1/telephony-credentials')
    .send({ protocol: 'twilio', accountSid: secrets['account-sid'], authToken: secrets['auth-token'] })
    .expect(201);
  await bank
    .as('admin')
    .post('/v1/telephony-credentials')
    .send({ protocol: 'audiohook', apiKey: secrets['api-key'], clientSecret: secrets['client-secret'] })
    .expect(201);
  const { roleArn, secret } = kinesisCredential;
  const { body } = await bank
    .as('admin')
    .post('/v1/telephony-credentials')
    .send({ protocol: 'kinesis', roleArn, secret })
    .expect(201);
  secrets.credential = (body as { credentialId: string }).credentialId;
}, 120_000);
beforeEach(() => {
  heard.reset();
});
afterAll(async () => {
  await app.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const publicUrl = 'wss://timbre.example.com';
const secrets = {
  'account-sid': `AC${'1'.repeat(32)}`,
  'auth-token': 'f'.repeat(32),
  'api-key': 'genesys-of-the-test',
  'client-secret': randomBytes(32).toString('base64'),
  credential: '',
  secret: kinesisCredential.secret,
  listen: String(awsPort),
};

const [allison = ''] = speech('allison', 'call-1');
const folder = mkdtempSync(join(tmpdir(), 'timbre-gate-'));
const said = [opening(allison, 8)];

/** The first seconds of a recording: 8 kHz, 16 bit, one channel. */
function opening(file: string, seconds: number): string {
  const whole = readFileSync(file);
  const dataAt = whole.indexOf('data') + 8;
  const cut = Buffer.from(whole.subarray(0, dataAt + seconds * 16_000));
  cut.writeUInt32LE(cut.length - 8, 4);
  cut.writeUInt32LE(cut.length - dataAt, dataAt - 4);
  const path = join(folder, 'opening.wav');
  writeFileSync(path, cut);
  return path;
}
const unlawful = ['JUNE', 'CARLO'];

/** A call over each protocol there is, six at a time: at four times talking speed, all at once are more than two cores hear. */
async function callOverEach(customer: string): Promise<{ readonly kind: string }[]> {
  const outcomes: { readonly kind: string }[] = [];
  for (let from = 0; from < protocolNames.length; from += 6) {
    const calls = protocolNames.slice(from, from + 6).map((name) => {
      const url = urlAt(app.url, name);
      const protocol = choiceOf(name, { ...secrets, token: bank.tokens.telephony });
      return bank.call(said, { url, protocol, customer, encoding: speakerOf(name).encodings[0], speed: 4 });
    });
    outcomes.push(...(await Promise.all(calls)));
  }
  return outcomes;
}

describe('a live call', () => {
  it.each(unlawful)(
    'of %s does not reach the engine over any protocol',
    async (customer) => {
      const outcomes = await callOverEach(customer);
      expect(outcomes.map(({ kind }) => kind)).toEqual(protocolNames.map(() => 'completed'));
      expect(heard).toMatchObject({ opened: 0, pushed: 0 });
    },
    60_000,
  );

  it('of somebody who has consented does, over each of them', async () => {
    await callOverEach('ALLISON');
    expect(heard.opened).toBe(protocolNames.length);
  }, 60_000);

  it('does not before anybody is named, however long it goes on', async () => {
    await bank.call(said);
    expect(heard.opened).toBe(0);
  });
});

describe('enrolment', () => {
  const enrolIn = (customer: string) => {
    const asked = when(
      ({ verification }) => verification.state !== 'not-claimed',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/enrolment`),
    );
    return bank.call(said, { customer }, asked.onResult).then(() => asked.done);
  };

  it.each(unlawful)('from a call of %s is refused, and nothing is heard', async (customer) => {
    expect((await enrolIn(customer)).status).toBe(409);
    expect(heard.opened).toBe(0);
  });

  it('from a call is done under consent to it, without any to verification', async () => {
    const customerId = await bank.customer('NEWCOMER');
    await bank.consent(customerId, { purposes: ['enrolment'] });
    expect((await enrolIn('NEWCOMER')).status).toBeLessThan(300);
    expect(heard.opened).toBe(1);
  });

  it.each(unlawful)('from a recording of %s is refused, and nothing is heard', async (accountRef) => {
    const { body } = await bank.as('privacy').get(`/v1/customers?accountRef=${accountRef}`).expect(200);
    const { customers } = body as { customers: { customerId: string }[] };
    const customerId = customers[0]?.customerId ?? '';
    const { status } = await bank.upload(customerId, allison);
    expect(status).toBe(409);
    expect(heard.opened).toBe(0);
  });

  it('from a recording is done under consent', async () => {
    const customerId = await bank.customer('UPLOADED');
    await bank.consent(customerId);
    await bank.upload(customerId, allison);
    expect(heard.opened).toBe(1);
  });
});

describe('a watchlist', () => {
  const inAYear = new Date(Date.now() + 300 * 86_400_000).toISOString();
  const aList = async (more: object) => {
    const { body } = await bank
      .as('admin')
      .post('/v1/watchlists')
      .send({
        name: randomBytes(4).toString('hex'),
        purpose: 'Recognise voices of confirmed frauds.',
        ground: 'substantial-public-interest',
        legalReference: 'a test',
        residences: ['FR'],
        unknownResidence: false,
        reach: 'every-claimed-call',
        approvedBy: 'the officer',
        reviewBy: inAYear,
        ...more,
      })
      .expect(201);
    return (body as { listId: string }).listId;
  };
  const put = (listId: string, fields: object) => {
    const entry = { reference: 'CASE-1', basisNote: 'Confirmed.', reviewedBy: 'M. K.', keepUntil: inAYear };
    const request = bank.as('fraud').post(`/v1/watchlists/${listId}/entries`);
    for (const [name, value] of Object.entries({ ...entry, ...fields })) void request.field(name, value);
    return request.attach('file', allison);
  };

  it('takes no voice that its ground does not cover: the recording is not heard', async () => {
    const listId = await aList({});
    expect((await put(listId, { residence: 'US-IL' })).status).toBe(409);
    expect(heard.opened).toBe(0);
    expect((await put(listId, { residence: 'FR' })).status).toBe(201);
    expect(heard.opened).toBe(1);
  });

  it('hears no call of anybody whom its ground does not cover, nor of anybody who has withdrawn', async () => {
    // The list of the test before is held against every claimed call of people in Germany.
    for (const customer of unlawful) await bank.call(said, { customer });
    expect(heard.opened).toBe(0);
    await bank.as('customer-service').post('/v1/customers').send({ accountRef: 'FRENCH', residence: 'FR' });
    await bank.call(said, { customer: 'FRENCH' });
    expect(heard.opened).toBe(1);
  });

  it('takes no voice from a call that may not be held against it', async () => {
    const listId = await aList({});
    const taken = when(
      ({ verification }) => verification.state === 'no-consent',
      ({ callId }) =>
        bank.as('fraud').post(`/v1/watchlists/${listId}/entries/from-call`).send({
          reference: 'CASE-2',
          basisNote: 'Confirmed.',
          reviewedBy: 'M. K.',
          keepUntil: inAYear,
          residence: 'FR',
          callId,
        }),
    );
    await bank.call(said, { customer: 'CARLO' }, taken.onResult);
    expect(await taken.done).toMatchObject({ status: 409 });
    expect(heard.opened).toBe(0);
  });
});

describe('when the database goes away', () => {
  const isClosed = ({ verification }: CallResult) => verification.reason === 'gate-unavailable';

  it('a call that was being processed is no more, and a recording is not heard', async () => {
    const customerId = await bank.customer('LAST');
    await bank.consent(customerId);
    const away = when(
      ({ verification }) => verification.llr !== null,
      () => postgres.stop(),
    );
    let pushedWhenClosed = -1;
    const outcome = await bank.call(
      speech('allison', 'call-1', 'call-2'),
      { customer: 'ALLISON' },
      (result) => {
        away.onResult(result);
        if (isClosed(result) && pushedWhenClosed < 0) pushedWhenClosed = heard.pushed;
      },
    );
    const { result } = completed(outcome);
    expect(result).toMatchObject({ verification: { reason: 'gate-unavailable', llr: null, span: null } });
    expect(heard.pushed).toBe(pushedWhenClosed);
    expect(result.audio.withheldMs).toBeGreaterThan(5000);
    heard.reset();
    expect((await bank.upload(customerId, allison)).status).toBeGreaterThanOrEqual(500);
    expect(heard.opened).toBe(0);
  });
});
