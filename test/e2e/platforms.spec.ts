import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import type { CallResult } from '../../src/core/calls/result.js';
import { CallEventWriter } from '../../src/modules/calls/call-log/call-event-writer.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { callProtocols } from '../../src/core/calls/protocols.js';
import { type ProtocolChoice, type ProtocolName, protocolNames } from '../../tools/call/protocols.js';
import { startApp, type TestApp } from '../support/app.js';
import { AudiohookClient, signed } from '../telephony/audiohook-client.js';
import { Client } from '../telephony/client.js';
import { hellos } from '../telephony/hello.js';
import { platforms } from '../telephony/media-streams.js';
import { choiceOf, urlAt } from '../telephony/peers.js';
import { Bank, speech } from './bank.js';

// Every platform as timbre-call speaks it, with real speech, the shipped model, a real PostgreSQL and everything logged.
const publicUrl = 'https://timbre.example.com';
const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'a-secret-of-this-test-only-0123456';
const audiohook = { apiKey: 'genesys-production', clientSecret: randomBytes(32).toString('base64') };
const [ani, dnis] = ['+15550100777', '+15550199333'];
/** Four times as fast as talking: the network is away for half a second of ours. */
const [speed, drop] = [4, { atMs: 4000, forMs: 2000 }];
const callIdOf = (name: ProtocolName): string =>
  `00000000-0000-4000-8000-${protocolNames.indexOf(name).toString().padStart(12, '0')}`;

/** Who opens the socket comes back by itself; test/telephony/kinesis.spec.ts has what Timbre reads instead. */
const sockets = protocolNames.filter((name) => callProtocols[name].over === 'websocket');

let app: TestApp;
let bank: Bank;
let log = '';

const choice = (kind: ProtocolName): ProtocolChoice =>
  choiceOf(kind, {
    token: bank.tokens.telephony,
    'account-sid': accountSid,
    'auth-token': authToken,
    'api-key': audiohook.apiKey,
    'client-secret': audiohook.clientSecret,
  });

const urlOf = (kind: ProtocolName): string => urlAt(app.url, kind);

interface Call {
  readonly callId: string;
  readonly protocol: string;
  readonly externalId: string;
  readonly direction: string;
  readonly attestation: string;
  readonly closeReason: string;
  readonly result: CallResult;
}

async function callsOf(kind: ProtocolName): Promise<Call[]> {
  const { body } = await bank.as('agent').get('/v1/calls?limit=200').expect(200);
  return (body as { calls: Call[] }).calls.filter(({ externalId }) => externalId === callIdOf(kind));
}

beforeAll(async () => {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString('utf8');
      done();
    },
  });
  app = await startApp({ publicUrl }, createLogger('trace', destination));
  bank = await Bank.open(app);
  await bank.enrolled('ALLISON', 'allison');
  for (const credential of [
    { protocol: 'twilio', accountSid, authToken },
    { protocol: 'audiohook', ...audiohook },
  ]) {
    await bank.as('admin').post('/v1/telephony-credentials').send(credential).expect(201);
  }
}, 120_000);
afterAll(() => app.close());

describe('a call whose network drops and comes back within 10 s', () => {
  const outcomes = new Map<ProtocolName, unknown>();
  beforeAll(async () => {
    // A few at a time: at four times the speed of talking, all of them at once are more than two cores hear.
    for (let from = 0; from < sockets.length; from += 6) {
      await Promise.all(sockets.slice(from, from + 6).map(callOver));
    }
  }, 180_000);

  async function callOver(kind: ProtocolName): Promise<void> {
    const { closed } = await bank.closing(callIdOf(kind));
    const outcome = await bank.call(speech('allison', 'call-2'), {
      url: urlOf(kind),
      protocol: choice(kind),
      speed,
      drop,
      ani,
      dnis,
      callId: callIdOf(kind),
      customer: 'ALLISON',
      direction: 'inbound',
      attestation: 'B',
    });
    outcomes.set(kind, outcome);
    await closed;
  }

  it.each(sockets)('goes on over %s: one call, its claim, its signals and its evidence', async (kind) => {
    expect(outcomes.get(kind)).toMatchObject({ kind: 'completed' });
    const calls = await callsOf(kind);
    expect(calls).toHaveLength(1);
    const [{ callId, result, ...call }] = calls as [Call];
    expect(call).toMatchObject({ closeReason: 'ended', direction: 'inbound', attestation: 'B' });
    expect(call.protocol).toBe(kind);
    expect(result.verification.state).toBe('accepted');
    // Before the drop there was too little speech to decide on.
    expect(result.firstDecision?.streamMs).toBeGreaterThan(drop.atMs);
    expect(result.verification.span?.startMs).toBeLessThan(drop.atMs);
    expect(result.audio).toMatchObject({ droppedMs: 0, withheldMs: 0 });
    expect(result.audio.lostMs).toBeGreaterThan(0);
    const { body } = await bank.as('agent').get(`/v1/calls/${callId}/events`).expect(200);
    const kinds = (body as { events: { kind: string }[] }).events.map((event) => event.kind);
    expect(kinds.filter((event) => event !== 'result')).toEqual([
      'opened',
      'claimed',
      'interrupted',
      'resumed',
      'closed',
    ]);
  });
});

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const owner = new pg.Client({ connectionString: app.adminUrl });
  await owner.connect();
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  let all = '';
  for (const { name } of tables) {
    const { rows } = await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    all += rows.map(({ row }) => row).join('\n');
  }
  await owner.end();
  return all;
}

/** A platform's first words with the caller's number where it cannot be read, and what that is called. */
const garbled: readonly (readonly [ProtocolName, readonly string[], string])[] = [
  ['plain', [JSON.stringify({ type: 'start', ani: [ani] })], 'invalid-field'],
  ...platforms.flatMap(({ dialect, connected, start }) => {
    const kind = dialect.protocol;
    const said = start() as { start: object };
    const ids = { callSid: { ani }, call_sid: { ani }, call_control_id: { ani }, callId: { ani } };
    const words = { ...said, start: { ...said.start, ...ids, from: [ani] } };
    return kind === 'twilio'
      ? []
      : [[kind, [connected, words].map((text) => JSON.stringify(text)), 'invalid-field'] as const];
  }),
  ['jambonz', [JSON.stringify({ ...hellos.jambonz, from: [ani] })], 'invalid-field'],
  ['freeswitch', [JSON.stringify({ from: { tel: ani } })], 'invalid-field'],
  ['vonage', [JSON.stringify({ ...hellos.vonage, from: [ani] })], 'invalid-field'],
  ['asterisk', [`MEDIA_START format:${ani}`], 'unsupported-format'],
];

describe('bad input', () => {
  it.each(garbled)('over %s is counted and logged once, without what it said', async (kind, texts, code) => {
    const from = log.length;
    const query = kind === 'freeswitch' ? `?rate=8k&mix=mono&from=${encodeURIComponent(ani)}` : '';
    const client = await Client.open(urlOf(kind) + query, Client.bearer(bank.tokens.telephony));
    for (const text of texts) client.send(text);
    await client.closed;
    const lines = log
      .slice(from)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'fault in a telephony stream')).toEqual([
      expect.objectContaining({ level: 'warn', protocol: kind, code, tenantId: bank.tenantId }),
    ]);
    const { text } = await bank.as('admin').get('/metrics').expect(200);
    expect(text).toContain(`timbre_telephony_errors_total{protocol="${kind}",code="${code}"} 1`);
  });

  it('over AudioHook is counted and logged without what it said', async () => {
    const url = 'wss://timbre.example.com/v1/telephony/audiohook';
    const { headers } = signed(url, audiohook);
    const genesys = AudiohookClient.over(await Client.open(urlOf('audiohook'), { headers }), headers);
    genesys.say('open', { participant: { ani } });
    expect(await genesys.client.message('disconnect')).toMatchObject({ parameters: { reason: 'error' } });
    genesys.client.hangUp();
    expect(log).toMatch(/"protocol":"audiohook","code":"invalid-field"/);
  });

  it('refused before the upgrade is counted and logged by its reason', async () => {
    for (const [kind, headers] of [
      ['twilio', { 'x-twilio-signature': 'AAAA' }],
      ['audiohook', signed(urlOf('audiohook'), { ...audiohook, created: -60 }).headers],
      ['jambonz', {}],
    ] as const) {
      const { status } = await Client.refused(`${urlOf(kind)}?from=${encodeURIComponent(ani)}`, { headers });
      expect(status).toBe(401);
      expect(log).toContain(`"path":"/v1/telephony/${kind}","status":401`);
    }
    expect(log).toContain('"title":"The signature has expired"');
  });
});

it('takes an id that no database can hold, and costs no other call its own', async () => {
  const ids = ['before', 'with\0nul', 'with half a pair \ud800', 'after'];
  const clients = await Promise.all(
    ids.map(async (callId) => {
      const client = await Client.open(urlOf('plain'), Client.bearer(bank.tokens.telephony));
      client.send({ type: 'start', encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callId });
      return client;
    }),
  );
  for (const client of clients) client.send({ type: 'stop' });
  await Promise.all(clients.map(({ closed }) => closed));
  await app.app.get(CallEventWriter, { strict: false }).flushed();
  const { body } = await bank.as('agent').get('/v1/calls?limit=200').expect(200);
  const stored = (body as { calls: Call[] }).calls.map(({ externalId }) => externalId);
  expect(stored).toEqual(
    expect.arrayContaining(['before', 'with\u{FFFD}nul', 'with half a pair \u{FFFD}', 'after']),
  );
  expect(log).not.toContain('call events lost');
});

it('leaves no number in clear: not in any table, not in any line of the log', async () => {
  const stored = await everythingStored();
  // The calls are there, and so are the hashes of their numbers.
  for (const kind of sockets) expect(stored).toContain(callIdOf(kind));
  expect(log).toContain('Timbre is ready');
  for (const digits of [ani, dnis].map((number) => number.slice(2))) {
    expect(stored).not.toContain(digits);
    expect(log).not.toContain(digits);
  }
});
