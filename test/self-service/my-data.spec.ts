import type { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { receiptBytes, type SignedReceipt } from '../../src/core/privacy/erasure-receipt.js';
import type { MyState } from '../../src/modules/rights/self-service/my-state.js';
import { shippedNotice } from '../../src/modules/people/consents/notice.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { nextFact } from '../support/facts.js';
import { aStretch, clientOf } from '../customers/support.js';
import { Bank, slugOf, type Browser } from './support.js';

let bank: Bank;
let customerId: string;
let visitor: Browser;

beforeAll(async () => {
  bank = await Bank.open();
});
afterAll(() => bank.close());
beforeEach(async () => {
  customerId = await bank.customer();
  visitor = await bank.visit(customerId);
});

const shipped = { noticeVersion: shippedNotice.version, noticeLanguage: 'en' };
const consent = (more: object = {}) =>
  visitor.post('/v1/me/consents').send({ purposes: ['verification', 'enrolment'], ...shipped, ...more });
const state = async (): Promise<MyState> => (await visitor.get('/v1/me').expect(200)).body as MyState;
const consents = async () =>
  ((await bank.site.get(`/v1/customers/${customerId}/consents`).expect(200)).body as { consents: object[] })
    .consents;
const enrol = () =>
  bank.server.app
    .get(VoiceprintsService, { strict: false })
    .addStretch(bank.tenantId, customerId as never, aStretch(21_000));

describe('the customer page', () => {
  it('says of somebody new that nothing is held and what they may agree to, in which words', async () => {
    const { bank: name, voiceprint, pending, purposes, notices } = await state();
    expect({ name, voiceprint, pending }).toEqual({ name: 'Harbour Bank', voiceprint: null, pending: null });
    const offer = { version: shippedNotice.version, languages: ['en'] };
    const nothing = { consent: 'missing', since: null, until: null, given: null, askedAgain: false, offer };
    expect(purposes).toEqual([
      { purpose: 'verification', ...nothing },
      { purpose: 'enrolment', ...nothing },
    ]);
    expect(notices).toEqual([
      {
        version: shippedNotice.version,
        language: 'en',
        text: shippedNotice.text,
        purposes: ['verification', 'enrolment'],
      },
    ]);
  });

  it('takes consent as a web form with the notice’s words and the link as proof of who gave it', async () => {
    await consent().expect(201);
    expect(await consents()).toMatchObject([
      { method: 'web-form', noticeText: shippedNotice.text, standingPurposes: ['verification', 'enrolment'] },
    ]);
    const [proof] = await bank.rows(
      'SELECT p.reference FROM consent_proofs p JOIN consents c USING (consent_id) WHERE c.customer_id = $1',
      customerId,
    );
    expect(proof?.['reference']).toMatch(/^self-service-link [0-9a-f-]{36}$/);
    expect((await state()).purposes.map(({ consent: given }) => given)).toEqual(['granted', 'granted']);
  });

  it('shows what is held, until when and why', async () => {
    await consent().expect(201);
    await enrol();
    const { voiceprint } = await state();
    expect(voiceprint).toMatchObject({
      state: 'active',
      keptBecause: 'days-after-last-interaction',
      endedAt: null,
    });
    expect(Date.parse(voiceprint?.keptUntil ?? '') - bank.clock.now).toBe(730 * 86_400_000);
    expect(JSON.stringify(await state())).not.toMatch(/embedding|ciphertext|modelId/);
  });

  it('withdraws one purpose and leaves the other; the voiceprint is destroyed and live calls are told', async () => {
    await consent().expect(201);
    await enrol();
    const told = nextFact(bank.server.app, ({ action }) => action === 'consent-withdrawn');
    const { body } = await visitor.delete('/v1/me/consents/enrolment').expect(200);
    expect(body).toMatchObject({ alreadyWithdrawn: false, destroyed: { voiceprints: 1, keys: 1 } });
    expect(await told).toMatchObject({ subject: { id: customerId }, details: { purposes: ['enrolment'] } });
    const { purposes, voiceprint } = await state();
    expect(purposes.map(({ purpose, consent: given }) => [purpose, given])).toEqual([
      ['verification', 'granted'],
      ['enrolment', 'withdrawn'],
    ]);
    expect(voiceprint).toMatchObject({ state: 'revoked', endedBecause: 'consent-withdrawn' });
  });

  it('withdraws once, whoever asks again or at the same moment', async () => {
    await consent().expect(201);
    const both = await Promise.all(
      [1, 2].map(() => visitor.delete('/v1/me/consents/verification').expect(200)),
    );
    const said = both.map(({ body }) => (body as { alreadyWithdrawn: boolean }).alreadyWithdrawn);
    expect(said.sort()).toEqual([false, true]);
    const again = await visitor.delete('/v1/me/consents/verification').expect(200);
    expect(again.body).toMatchObject({ alreadyWithdrawn: true });
    const rows = await bank.rows(
      `SELECT purposes FROM consents WHERE customer_id = $1 AND kind = 'withdrawn'`,
      customerId,
    );
    expect(rows).toEqual([{ purposes: ['verification'] }]);
  });

  it('says of what was never given that it was not, and records nothing', async () => {
    const { body } = await visitor.delete('/v1/me/consents/fraud-watchlist').expect(404);
    expect(slugOf(body)).toBe('consent-not-found');
    expect((body as { detail: string }).detail).toContain('nothing recorded');
    expect(await bank.rows('SELECT 1 FROM consents WHERE customer_id = $1', customerId)).toEqual([]);
    await visitor.delete('/v1/me/consents/marketing').expect(400);
  });

  it('offers the newest notice in each of its languages, and says when it asks again', async () => {
    await consent().expect(201);
    const privacy = clientOf(bank.server.url, await bank.server.makeToken(bank.tenantId, 'privacy'));
    const notice = { version: '2026-06', purposes: ['verification', 'enrolment'], asksAgain: true };
    await privacy
      .post('/v1/consent-notices')
      .send({ ...notice, language: 'en', text: 'We make a voiceprint.' })
      .expect(201);
    await privacy
      .post('/v1/consent-notices')
      .send({ ...notice, language: 'de', text: 'Wir erstellen einen Stimmabdruck.' })
      .expect(201);
    const { purposes, notices } = await state();
    expect(purposes).toMatchObject([
      { consent: 'missing', askedAgain: true, offer: { version: '2026-06', languages: ['de', 'en'] } },
      { consent: 'missing', askedAgain: true },
    ]);
    expect(notices.map(({ language }) => language)).toEqual(['de', 'en']);
    expect(slugOf((await consent().expect(409)).body)).toBe('notice-superseded');
    await consent({ noticeVersion: '2026-06', noticeLanguage: 'de' }).expect(201);
    expect((await state()).purposes[0]).toMatchObject({
      consent: 'granted',
      given: { version: '2026-06', language: 'de' },
    });
  });

  it('takes consent under published words only, and never in the name of somebody else', async () => {
    const other = await bank.customer();
    const unknown = await consent({ noticeVersion: 'made-up' }).expect(409);
    expect(slugOf(unknown.body)).toBe('notice-not-found');
    for (const foreign of [{ customerId: other }, { noticeText: 'other words' }, { givenAt: '2030-01-01' }]) {
      const { body } = await consent(foreign).expect(400);
      expect(body).toMatchObject({ errors: [{ field: Object.keys(foreign)[0], expected: 'no such field' }] });
    }
    expect(await bank.rows('SELECT 1 FROM consents WHERE customer_id = $1', other)).toEqual([]);
  });

  it('does only what the link was made for', async () => {
    visitor = await bank.visit(customerId, { scopes: ['view'] });
    await state();
    expect(slugOf((await consent().expect(403)).body)).toBe('not-in-this-link');
    await visitor.delete('/v1/me/consents/verification').expect(403);
    visitor = await bank.visit(customerId, { scopes: ['consent'] });
    await state();
    await consent({ ...shipped, noticeVersion: '2026-06' }).expect(201);
  });

  it('hands out everything that is held, as data and as a page, and says in the audit log that it did', async () => {
    await consent({ noticeVersion: '2026-06' }).expect(201);
    await enrol();
    const { body, headers } = await visitor.get('/v1/me/data').expect(200);
    expect(headers['content-disposition']).toBe('attachment; filename=my-voice-data.json');
    expect(body).toMatchObject({ customer: { customerId }, voiceprints: [{ status: 'active' }] });
    expect(JSON.stringify(body)).not.toMatch(/ciphertext|"embedding/);
    const page = await visitor.get('/v1/me/data.html').expect(200);
    expect(page.headers['content-disposition']).toContain('attachment');
    expect(page.text).toContain('We make a voiceprint.');
    const german = await visitor.get('/v1/me/data.html?language=de').expect(200);
    expect(german.text).toContain('über Ihre Stimme gespeichert hat</h1>');
    await visitor.get('/v1/me/data.html?language=tlh').expect(400);
    const taken = (await bank.audited(customerId)).filter(({ details }) => details['what'] === 'data');
    expect(taken).toHaveLength(3);
  });

  it('takes requests of the visitor, with the link as the identity check', async () => {
    const { body } = await visitor.post('/v1/me/requests').send({ kind: 'access' }).expect(201);
    expect(body).toMatchObject({ kind: 'access', state: 'identity-checked' });
    expect(body).not.toHaveProperty('customerId');
    const listed = await visitor.get('/v1/me/requests').expect(200);
    expect(listed.body).toEqual({ requests: [body] });
    const again = await visitor.post('/v1/me/requests').send({ kind: 'access' }).expect(409);
    expect(slugOf(again.body)).toBe('request-open');
    const [row] = await bank.rows(
      'SELECT channel, identity_method FROM requests WHERE customer_id = $1',
      customerId,
    );
    expect(row).toEqual({ channel: 'customer-page', identity_method: 'self-service-link' });
  });

  it('takes no request for another person', async () => {
    const other = await bank.customer();
    const onBehalf = { authority: 'authorised-agent', proofReference: 'x' };
    for (const foreign of [{ customerId: other }, { onBehalf }, { identity: { method: 'document' } }]) {
      const { body } = await visitor
        .post('/v1/me/requests')
        .send({ kind: 'access', ...foreign })
        .expect(400);
      expect(body).toMatchObject({ errors: [{ field: Object.keys(foreign)[0], expected: 'no such field' }] });
    }
    const theirs = await bank.visit(other);
    const { body } = await theirs.post('/v1/me/requests').send({ kind: 'access' }).expect(201);
    const appealOf = (body as { requestId: string }).requestId;
    const { body: refused } = await visitor
      .post('/v1/me/requests')
      .send({ kind: 'appeal', appealOf })
      .expect(404);
    expect(slugOf(refused)).toBe('request-not-found');
    expect((await visitor.get('/v1/me/requests').expect(200)).body).toEqual({ requests: [] });
  });

  it('honours Global Privacy Control once, where the law of the residence asks for it', async () => {
    const residents = await bank.customer(undefined, 'US-CA');
    const californian = await bank.visit(residents);
    const look = async (browser: Browser, signal: string | undefined) =>
      (
        (
          await browser
            .get('/v1/me')
            .set(signal === undefined ? {} : { 'Sec-GPC': signal })
            .expect(200)
        ).body as { optOutSignal: string }
      ).optOutSignal;
    expect(await look(californian, undefined)).toBe('no-signal');
    expect(await look(californian, '0')).toBe('no-signal');
    expect(await look(californian, '1')).toBe('recorded');
    expect(await look(californian, '1')).toBe('standing');
    const { body } = await californian.get('/v1/me/requests').expect(200);
    expect(body).toMatchObject({ requests: [{ kind: 'objection', scopes: ['sale-or-sharing'] }] });
    const virginian = await bank.visit(await bank.customer(undefined, 'US-VA'));
    expect(await look(virginian, '1')).toBe('not-asked-for');
  });

  it('takes an objection back for the visitor alone, and says when the browser still asks for the opposite', async () => {
    const residents = await bank.customer(undefined, 'US-CA');
    visitor = await bank.visit(residents);
    const objections = async () =>
      ((await visitor.get('/v1/me/objections').expect(200)).body as { objections: { objectionId: string }[] })
        .objections;
    const asked = { kind: 'objection', scopes: ['sale-or-sharing'] };
    await visitor.post('/v1/me/requests').send(asked).expect(201);
    const [made] = await objections();
    expect(made).toMatchObject({ scopes: ['sale-or-sharing'], standing: 'in-force' });
    const path = `/v1/me/objections/${made?.objectionId ?? ''}`;
    const stranger = await bank.visit(customerId);
    expect(slugOf((await stranger.delete(path).expect(404)).body)).toBe('objection-not-found');
    expect(slugOf((await visitor.delete(path).set('Sec-GPC', '1').expect(409)).body)).toBe(
      'opt-out-signal-on',
    );
    expect(await objections()).toHaveLength(1);
    expect((await visitor.delete(path).expect(200)).body).toMatchObject({ alreadyTakenBack: false });
    expect(await objections()).toEqual([]);
    const audited = await bank.rows(
      `SELECT details->>'channel' AS channel FROM audit_entries WHERE action = 'objection-taken-back' AND details->>'customerId' = $1`,
      residents,
    );
    expect(audited).toEqual([{ channel: 'customer-page' }]);
  });

  it('erases everything once that was said, answers the signed receipt and ends the visit', async () => {
    await consent({ noticeVersion: '2026-06' }).expect(201);
    await enrol();
    const { body: unsure } = await visitor.post('/v1/me/erasure').send({}).expect(400);
    expect(unsure).toMatchObject({ errors: [{ field: 'erase' }] });
    const answer = await visitor.post('/v1/me/erasure').send({ erase: 'everything' }).expect(200);
    const signed = answer.body as SignedReceipt;
    expect(signed.receipt).toMatchObject({
      customerId,
      reason: 'request-of-the-person',
      counts: { customers: 1, voiceprints: 1 },
    });
    expect(await isSignedBy(signed, await receiptKeys())).toBe(true);
    await visitor.get('/v1/me').expect(401);
    for (const table of ['customers', 'voiceprints', 'self_service_links', 'self_service_sessions'])
      expect(await bank.rows(`SELECT 1 FROM ${table} WHERE customer_id = $1`, customerId)).toEqual([]);
    expect((await bank.audited(customerId)).at(-1)?.action).toBe('customer-erased');
  });

  it('opens for nobody who was erased, also with a link that was made before', async () => {
    const link = await bank.link(customerId);
    await visitor.post('/v1/me/erasure').send({ erase: 'everything' }).expect(200);
    expect(slugOf((await bank.browser().open(link).expect(401)).body)).toBe('link-not-valid');
    await bank.ask(customerId).expect(404);
  });
});

/** As anybody checks it who has the receipt and the published keys: RFC 8032 over RFC 8785, by Node's own crypto. */
async function isSignedBy(
  { receipt, signature }: SignedReceipt,
  keys: webcrypto.JsonWebKey[],
): Promise<boolean> {
  const key = await crypto.subtle.importKey('jwk', keys[0]!, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify(
    'Ed25519',
    key,
    Buffer.from(signature, 'base64url'),
    Buffer.from(receiptBytes(receipt)),
  );
}

async function receiptKeys(): Promise<webcrypto.JsonWebKey[]> {
  const answer = await fetch(`${bank.server.url}/.well-known/timbre-receipt-keys`);
  return ((await answer.json()) as { keys: webcrypto.JsonWebKey[] }).keys;
}
