import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import type { CallResult } from '../../src/core/calls/result.js';
import type { CustomerId } from '../../src/core/ids.js';
import { storedTables } from '../../src/app/stored-tables.js';
import type { SignedReceipt } from '../../src/core/privacy/erasure-receipt.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { aStretch } from '../customers/support.js';

// Two processes of one installation, real speech, the shipped model.
let postgres: TestPostgres;
let app: TestApp;
let other: TestApp;
let bank: Bank;
let owner: pg.Client;
const folder = mkdtempSync(join(tmpdir(), 'timbre-receipts-'));

beforeAll(async () => {
  postgres = await startPostgres();
  const masterKey = Buffer.alloc(32, 5);
  app = await startAppOn(postgres, { masterKey });
  other = await startAppOn(postgres, { masterKey });
  bank = await Bank.open(app);
  await bank.trustsNewVoiceprints();
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
}, 60_000);
afterAll(async () => {
  await owner.end();
  await other.close();
  await app.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const erase = (customerId: string, body: object = { reason: 'request-of-the-person' }, at: Bank = bank) =>
  at.as('privacy').post(`/v1/customers/${customerId}/erasure`).send(body);

async function erased(customerId: string): Promise<SignedReceipt> {
  return (await erase(customerId).expect(200)).body as SignedReceipt;
}

/** Tables of the whole database in which this text stands anywhere, with the number of such rows. */
async function whereFound(text: string): Promise<Record<string, number>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await owner.query<{ count: number }>(
      `SELECT count(*)::int FROM ${name} AS t WHERE t::text LIKE '%' || $1 || '%'`,
      [text],
    );
    if (rows[0] && rows[0].count > 0) found[name.replace('public.', '')] = rows[0].count;
  }
  return found;
}

const run = (command: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(command, args, { env: { ...process.env, NODE_OPTIONS: '' } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
const verifyReceipt = (...args: string[]) =>
  run(
    process.execPath,
    join(import.meta.dirname, '../../dist/tools/audit/main.js'),
    'verify-receipt',
    ...args,
  );

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe('an erasure', () => {
  it('leaves of a person who called only ids in the chained ledgers and the receipt', async () => {
    const { customerId } = await bank.enrolled('ERASE-ME', 'june');
    await bank.consent(customerId, { method: 'signed-import', proofReference: 'archive://jane-doe-1' });
    await bank.upload(customerId, 'samples/speech/june/enrol-2.wav');
    const payout = when(
      ({ verification }) => verification.state === 'rejected',
      ({ callId }) =>
        bank
          .as('agent')
          .post(`/v1/calls/${callId}/account-events`)
          .send({ kind: 'payout', reference: 'TX-JANE' }),
    );
    const closing = await bank.closing('platform-call-of-jane');
    const { callId } = completed(
      await bank.call(
        speech('carlo', 'call-1'),
        { customer: 'ERASE-ME', callId: 'platform-call-of-jane' },
        payout.onResult,
      ),
    );
    await payout.done;
    await closing.closed;

    const { receipt } = await erased(customerId);
    expect(receipt).toMatchObject({
      customerId,
      reason: 'request-of-the-person',
      // Nobody knows where the customer lives: every law that is switched on and gives the right.
      rules: expect.arrayContaining([
        expect.objectContaining({
          packId: 'gdpr',
          rule: 'erasure',
          article: expect.stringContaining('Art. 17'),
        }),
      ]),
      keys: [{ destroyedAt: expect.any(String) }],
      counts: { customers: 1, customer_keys: 1, calls: 1, account_events: 1, flags: 1, consent_proofs: 1 },
    });
    expect(receipt.counts['voiceprints']).toBeGreaterThan(0);
    expect(receipt.counts['call_events']).toBeGreaterThan(10);

    expect(Object.keys(await whereFound(customerId)).sort()).toEqual([
      'audit_entries',
      'consents',
      'erasures',
    ]);
    for (const trace of ['ERASE-ME', 'jane-doe', 'TX-JANE', 'platform-call-of-jane'])
      expect([trace, await whereFound(trace)]).toEqual([trace, {}]);
    const { body: call } = await bank.as('agent').get(`/v1/calls/${callId}`).expect(200);
    expect(call).toMatchObject({
      externalId: null,
      claimedCustomerId: null,
      result: { verification: { state: 'not-claimed', llr: null, netSpeechMs: 0 } },
    });
    await bank.as('customer-service').get(`/v1/customers/${customerId}`).expect(404);
  }, 60_000);

  it('answers the first receipt when asked again, and the same one to two who ask at once', async () => {
    const customerId = await bank.customer('TWICE');
    const [one, two] = await Promise.all([erased(customerId), erase(customerId, undefined, bank.at(other))]);
    expect(two.status).toBe(200);
    expect(two.body).toEqual(one);
    expect(await erased(customerId)).toEqual(one);
    const { body } = await bank
      .as('privacy')
      .get(`/v1/erasure-receipts?customerId=${customerId}`)
      .expect(200);
    expect(body).toEqual({ receipts: [one] });
    const { rows } = await owner.query(
      `SELECT 1 FROM audit_entries WHERE action = 'customer-erased' AND subject_id = $1`,
      [customerId],
    );
    expect(rows).toHaveLength(1);
  });

  it('stops a live call on another process, wipes what it heard, and lets the call be somebody else’s', async () => {
    const { customerId } = await bank.enrolled('LIVE', 'allison');
    await bank.enrolled('NEXT', 'allison');
    let asked = false;
    let stopped = false;
    const erasure = when(
      ({ verification }) => verification.state === 'accepted',
      () => {
        asked = true;
        return erase(customerId).expect(200);
      },
    );
    const next = when(
      ({ claimedCustomerId }) => claimedCustomerId === null && stopped,
      ({ callId }) => bank.at(other).as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: 'NEXT' }),
    );
    const results: CallResult[] = [];
    const files = speech('allison', 'call-1', 'call-2');
    const { callId } = completed(
      await bank.at(other).call(files, { customer: 'LIVE', callId: 'platform-live' }, (result) => {
        results.push(result);
        erasure.onResult(result);
        stopped ||= asked && result.claimedCustomerId === null;
        next.onResult(result);
      }),
    );
    await erasure.done;
    const released = results.find(
      (result) => result.claimedCustomerId === null && result.verification.resultId > 3,
    );
    expect(released).toMatchObject({
      externalId: null,
      verification: { state: 'not-claimed', llr: null, span: null, consentId: null },
    });
    expect((await next.done).status).toBe(200);
    expect(results.at(-1)?.verification.state).toBe('accepted');
    expect(Object.keys(await whereFound(customerId)).sort()).toEqual([
      'audit_entries',
      'consents',
      'erasures',
    ]);
    expect(await whereFound(callId)).not.toEqual({});
  }, 60_000);

  it('in mid-enrolment takes what was gathered before, and drops the speech that is being analysed', async () => {
    const customerId = (await bank.customer('MID')) as CustomerId;
    await bank.consent(customerId);
    const voiceprints = app.app.get(VoiceprintsService, { strict: false });
    const size = 192;
    const voice = new Float32Array(size).fill(1 / Math.sqrt(size));
    expect(await voiceprints.addStretch(bank.tenantId, customerId, aStretch(5000, voice))).toMatchObject({
      kind: 'incomplete',
    });
    // The gate opens for more speech; while it is analysed the customer is erased.
    const gate = await voiceprints.enrolmentGate(bank.tenantId, customerId);
    const { receipt } = await erased(customerId);
    expect(receipt.counts).toMatchObject({ enrolment_stretches: 1, customer_keys: 1 });
    const ticket = gate.kind === 'open' ? gate.ticket : undefined;
    const late = { ...aStretch(21_000, voice), ticket: ticket! };
    expect(await voiceprints.addStretch(bank.tenantId, customerId, late)).toEqual({ kind: 'erased' });
    const { rows } = await owner.query('SELECT 1 FROM customer_keys WHERE customer_id = $1', [customerId]);
    expect(rows).toEqual([]);
  });

  it('by upload, overtaken by the erasure, says that the data was erased meanwhile', async () => {
    const customerId = await bank.customer('UPLOAD');
    await bank.consent(customerId);
    const uploading = bank.upload(customerId, 'samples/speech/june/enrol-1.wav');
    const [{ status, body }] = await Promise.all([uploading, erased(customerId)]);
    // Whichever came first: nothing of it is left.
    expect([404, 409, 201, 200]).toContain(status);
    if (status === 409) expect(body).toMatchObject({ type: 'urn:timbre:problem:erased-meanwhile' });
    expect(Object.keys(await whereFound(customerId)).sort()).toEqual([
      'audit_entries',
      'consents',
      'erasures',
    ]);
  }, 30_000);

  it('frees the account reference for a new customer with a new id, who has consented to nothing', async () => {
    const customerId = await bank.customer('AGAIN');
    await bank.consent(customerId);
    await erased(customerId);
    const anew = await bank.customer('AGAIN');
    expect(anew).not.toBe(customerId);
    const { body } = await bank.as('customer-service').get(`/v1/customers/${anew}`).expect(200);
    expect(body).toMatchObject({ consent: { verification: 'missing', enrolment: 'missing' } });
  });

  it('is refused to whoever is not of the privacy role, for nobody’s id, and for a reason in free words', async () => {
    const customerId = await bank.customer('KEPT');
    await bank
      .as('customer-service')
      .post(`/v1/customers/${customerId}/erasure`)
      .send({ reason: 'objection' })
      .expect(403);
    await erase('00000000-0000-4000-8000-000000000000').expect(404);
    await erase(customerId, { reason: 'Jane Doe asked' }).expect(400);
    const stranger = await Bank.open(app);
    await erase(customerId, undefined, stranger).expect(404);
    await bank.as('customer-service').get(`/v1/customers/${customerId}`).expect(200);
  });

  it('is refused under a legal hold, which says until when: nothing is erased, and it is done once the hold is released', async () => {
    const { customerId } = await bank.enrolled('HELD', 'june');
    const endsAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const { body: placed } = await bank
      .as('privacy')
      .post('/v1/legal-holds')
      .send({ customerId, reason: 'Claim 4 O 118/26', endsAt })
      .expect(201);
    const { holdId } = placed as { holdId: string };
    const refused = await erase(customerId)
      .expect(409)
      .expect('content-type', /application\/problem\+json/);
    expect(refused.body).toMatchObject({
      type: 'urn:timbre:problem:legal-hold',
      title: 'A legal hold stops this erasure',
      status: 409,
      holdId,
      endsAt,
      detail: expect.stringContaining('Art. 17(3)(e)'),
    });
    // Why there is a hold is not for everybody who asks for an erasure.
    expect(refused.text).not.toContain('4 O 118/26');

    // Asked for as a right it is refused as well, and the request stays open until the hold ends.
    const identity = { method: 'in-person' };
    const { body: asked } = await bank
      .as('privacy')
      .post(`/v1/customers/${customerId}/requests`)
      .send({ kind: 'erasure', identity })
      .expect(201);
    const request = `/v1/requests/${(asked as { requestId: string }).requestId}`;
    const { body: answer } = await bank.as('privacy').post(`${request}/fulfilment`).send({}).expect(409);
    expect(answer).toMatchObject({ type: 'urn:timbre:problem:legal-hold', holdId });
    expect((await bank.as('privacy').get(request).expect(200)).body).toMatchObject({ answer: null });

    const { rows } = await owner.query(
      `SELECT count(wrapped_key)::int AS keys FROM customer_keys WHERE customer_id = $1 AND destroyed_at IS NULL`,
      [customerId],
    );
    expect(rows).toEqual([{ keys: 1 }]);
    const receipts = `/v1/erasure-receipts?customerId=${customerId}`;
    expect((await bank.as('privacy').get(receipts).expect(200)).body).toEqual({ receipts: [] });
    await bank.as('privacy').post(`/v1/legal-holds/${holdId}/release`).expect(200);
    expect((await erased(customerId)).receipt.customerId).toBe(customerId);
  });

  it('has a step for every table that names a customer', async () => {
    const { rows } = await owner.query<{ table: string }>(
      `SELECT DISTINCT table_name AS table FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name ~ 'customer_id$'`,
    );
    const planned = storedTables.filter(({ erasure }) => erasure !== undefined).map(({ table }) => table);
    expect(rows.map(({ table }) => table).filter((table) => !planned.includes(table))).toEqual([]);
  });
});

describe('a receipt', () => {
  let signed: SignedReceipt;
  let keys: { keys: { kid: string; x: string }[] };
  beforeAll(async () => {
    signed = await erased(await bank.customer('PROOF'));
    const { body } = await request(app.url).get('/.well-known/timbre-receipt-keys').expect(200);
    keys = body as typeof keys;
  });

  it('is verified offline with the published key', async () => {
    const outcome = await verifyReceipt(file('receipt.json', signed), '--key', file('keys.json', keys));
    expect(outcome).toMatchObject({ code: 0 });
    expect(outcome.out).toContain(signed.receipt.customerId);
    expect(
      (await verifyReceipt(file('receipt.json', signed), '--key', file('key.json', keys.keys[0]))).code,
    ).toBe(0);
  });

  it('is refused when a word of it was changed, with another key, and when it is no receipt', async () => {
    const key = file('keys.json', keys);
    const changed = { ...signed, receipt: { ...signed.receipt, erasedAt: '2020-01-01T00:00:00.000Z' } };
    expect(await verifyReceipt(file('changed.json', changed), '--key', key)).toMatchObject({ code: 1 });
    const stranger = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect(
      await verifyReceipt(file('receipt.json', signed), '--key', file('other.json', stranger)),
    ).toMatchObject({
      code: 1,
    });
    expect(await verifyReceipt(file('no.json', { hello: 1 }), '--key', key)).toMatchObject({ code: 1 });
    expect(await verifyReceipt(file('receipt.json', signed))).toMatchObject({ code: 2 });
    expect(await verifyReceipt('/nowhere.json', '--key', key)).toMatchObject({ code: 3 });
  });

  it('cannot be altered or removed by the service itself', async () => {
    const service = new pg.Client({ connectionString: postgres.url });
    await service.connect();
    await service.query(`SELECT set_config('timbre.tenant_id', $1, false)`, [bank.tenantId]);
    await expect(service.query('DELETE FROM erasures')).rejects.toThrow(/not undone/);
    await expect(service.query(`UPDATE erasures SET reason = 'objection'`)).rejects.toThrow(/not undone/);
    await expect(service.query('DELETE FROM receipt_keys')).rejects.toThrow(/append-only/);
    await service.end();
  });
});
