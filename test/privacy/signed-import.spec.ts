import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId, TenantId } from '../../src/core/ids.js';
import type { Purpose } from '../../src/core/privacy/consent.js';
import { startMs, type Client } from '../customers/support.js';
import { Office } from './support.js';

// Signed as RFC 7515 says, by Node's own crypto: the library that checks signatures makes none here.
const words = 'We make a voiceprint to check that it is you.';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Key {
  readonly jwk: Record<string, string>;
  readonly sign: (header: object, payload: object) => string;
}

function keyOf(pair: { publicKey: KeyObject; privateKey: KeyObject }, alg: string): Key {
  const jwk = pair.publicKey.export({ format: 'jwk' }) as Record<string, string>;
  return {
    jwk,
    sign(header, payload) {
      const signed = `${part({ alg, ...header })}.${part(payload)}`;
      const how = { key: pair.privateKey, dsaEncoding: 'ieee-p1363' as const };
      const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(signed), how);
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

const ed25519 = keyOf(generateKeyPairSync('ed25519'), 'EdDSA');
const p256 = keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'ES256');
const rsa = keyOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), 'RS256');

let office: Office;
let tenantId: TenantId;
let customerId: CustomerId;
let officer: Client;
let kid: string;

beforeAll(async () => {
  office = await Office.open();
  tenantId = await office.server.makeTenant();
  customerId = await office.customer(tenantId, 'ACC-1');
  officer = await office.as(tenantId, 'privacy');
  const notice = { version: '2026-06', language: 'en', text: words, asksAgain: false };
  await officer
    .post('/v1/consent-notices')
    .send({ ...notice, purposes: ['verification', 'enrolment'] })
    .expect(201);
  kid = await taken(ed25519);
});
afterAll(() => office.close());

const take = (key: Key, more: object = {}) =>
  officer.post('/v1/consent-signers').send({ name: 'Branches', publicJwk: { ...key.jwk, ...more } });
const taken = async (key: Key) => ((await take(key).expect(201)).body as { signerId: string }).signerId;
const aConsent = {
  customer: 'ACC-1',
  purposes: ['verification'],
  noticeVersion: '2026-06',
  noticeLanguage: 'en',
  noticeTextSha256: sha256(words),
  givenAt: new Date(startMs - 86_400_000).toISOString(),
};
const signed = (more: object = {}) => ed25519.sign({ kid }, { ...aConsent, ...more });

interface Outcome {
  readonly kind: string;
  readonly problem?: string;
  readonly consentId?: string;
}
const importing = async (...statements: string[]): Promise<Outcome[]> =>
  (
    (await officer.post('/v1/consents/import').send({ statements }).expect(200)).body as {
      outcomes: Outcome[];
    }
  ).outcomes;

describe('signed consents', () => {
  it('are recorded in bulk under the signer’s key, each once however often they are sent', async () => {
    const statements = [signed(), signed({ purposes: ['enrolment'] })];
    const first = await importing(...statements);
    expect(first.map(({ kind }) => kind)).toEqual(['recorded', 'recorded']);
    expect((await importing(...statements)).map(({ kind }) => kind)).toEqual([
      'already-recorded',
      'already-recorded',
    ]);
    const both = signed({ purposes: ['verification', 'enrolment'] });
    const atOnce = await Promise.all([importing(both), importing(both), importing(both)]);
    expect(new Set(atOnce.flat().map(({ consentId }) => consentId)).size).toBe(1);
    const { body } = await officer.get(`/v1/customers/${customerId}/consents`).expect(200);
    expect((body as { consents: object[] }).consents).toMatchObject([
      { method: 'signed-import', noticeText: words, givenAt: aConsent.givenAt, state: 'granted' },
      { method: 'signed-import', purposes: ['enrolment'] },
      { method: 'signed-import' },
    ]);
    expect(await office.verify(tenantId)).toMatchObject({ code: 0 });
    const { body: log } = await officer.get(`/v1/audit/entries?subjectId=${customerId}`).expect(200);
    expect((log as { entries: object[] }).entries[0]).toMatchObject({ details: { signerId: kid } });
    expect(JSON.stringify(log)).not.toContain('ACC-1');
  });

  it.each([
    ['ES256', p256],
    ['RS256', rsa],
  ] as const)('may be signed with %s', async (_, key) => {
    const statement = key.sign({ kid: await taken(key) }, { ...aConsent, purposes: ['verification'] });
    expect(await importing(statement)).toMatchObject([{ kind: 'recorded' }]);
  });

  it.each([
    [
      'that was changed afterwards',
      () => signed().replace(/\.[^.]+\./, `.${part({ ...aConsent, purposes: ['enrolment'] })}.`),
      'signature-invalid',
    ],
    [
      'signed by somebody else under the signer’s name',
      () => p256.sign({ kid }, aConsent),
      'signature-invalid',
    ],
    [
      'that calls itself unsigned',
      () => `${part({ alg: 'none', kid })}.${part(aConsent)}.`,
      'signature-invalid',
    ],
    ['of an unknown signer', () => ed25519.sign({ kid: 'nobody' }, aConsent), 'unknown-signer'],
    ['that is none', () => 'yes, I agree', 'not-signed'],
    ['from the future', () => signed({ givenAt: new Date(startMs + 1).toISOString() }), 'bad-input'],
    ['without a date', () => signed({ givenAt: undefined }), 'bad-input'],
    ['to other words', () => signed({ noticeTextSha256: sha256('Anything goes.') }), 'notice-differs'],
    ['under a version nobody published', () => signed({ noticeVersion: 'none' }), 'notice-not-found'],
    [
      'to a purpose that the notice does not name',
      () => signed({ purposes: ['fraud-watchlist'] }),
      'bad-input',
    ],
    ['of nobody', () => signed({ customer: 'ACC-2' }), 'customer-not-found'],
    ['with more in it than is understood', () => signed({ colour: 'red' }), 'bad-input'],
  ])('%s is refused, and nothing is recorded; the others are', async (_, statement, problem) => {
    const before = await office.head(tenantId);
    const good = signed({ validUntil: new Date(startMs + Math.random() * 1e9).toISOString() });
    expect(await importing(statement(), good)).toMatchObject([
      { index: 0, kind: 'refused', problem },
      { index: 1, kind: 'recorded' },
    ]);
    const rows = (head: string) => Number(head.split(':')[1]);
    expect(rows(await office.head(tenantId)) - rows(before)).toBe(1);
  });

  it('of a signer that was revoked are taken no more; what it signed before stands', async () => {
    const other = keyOf(generateKeyPairSync('ed25519'), 'EdDSA');
    const signerId = await taken(other);
    const before = other.sign({ kid: signerId }, { ...aConsent, customer: customerId });
    const [recorded] = await importing(before);
    await officer.delete(`/v1/consent-signers/${signerId}`).expect(204);
    await officer.delete(`/v1/consent-signers/${signerId}`).expect(404);
    const after = other.sign({ kid: signerId }, { ...aConsent, purposes: ['enrolment'] });
    expect(await importing(after)).toMatchObject([{ kind: 'refused', problem: 'unknown-signer' }]);
    const { body } = await officer.get(`/v1/customers/${customerId}/consents`).expect(200);
    expect((body as { consents: Outcome[] }).consents.map(({ consentId }) => consentId)).toContain(
      recorded?.consentId,
    );
    expect((await take(other).expect(409)).body).toMatchObject({ type: 'urn:timbre:problem:signer-exists' });
  });

  it('are never asked to be checked with a private or a weak key, nor by whom it does not concern', async () => {
    await take(ed25519, { d: 'secret' }).expect(400);
    const weak = keyOf(generateKeyPairSync('rsa', { modulusLength: 1024 }), 'RS256');
    await take(weak).expect(400);
    await (
      await office.as(tenantId, 'agent')
    )
      .post('/v1/consents/import')
      .send({ statements: ['a'] })
      .expect(403);
    await (await office.as(tenantId, 'customer-service')).post('/v1/consent-signers').send({}).expect(403);
  });

  it('have their signatures checked again whenever the ledger is: what a forger of whole chains can’t make', async () => {
    expect(await office.verify(tenantId)).toMatchObject({ code: 0 });
    // Recorded past the import, with every hash in order.
    const slippedIn = (jws: string, purpose: Purpose = 'verification') => {
      const { noticeVersion, noticeLanguage, givenAt } = aConsent;
      const consent = { purposes: [purpose], noticeVersion, noticeLanguage, givenAt };
      return office.giving.give(
        office.by(tenantId),
        customerId,
        { ...consent, method: 'signed-import', proofReference: jws },
        { signerId: kid, signedSha256: createHash('sha256').update(jws).digest() },
      );
    };
    const givenAt = new Date(startMs - 1000).toISOString();
    const forged = await slippedIn(p256.sign({ kid }, aConsent));
    const others = await slippedIn(signed({ customer: 'ACC-2' }));
    const more = await slippedIn(signed({ givenAt, validUntil: givenAt }), 'enrolment');
    const found = (consentId: string, what: string) => `(granted consent ${consentId}): ${what}`;
    const { code, out } = await office.verify(tenantId);
    const findings = out
      .split('\n')
      .slice(1, -1)
      .map((line) => line.replace(/^ *row \d+ /, ''));
    expect({ code, findings }).toEqual({
      code: 1,
      findings: [
        found(forged.consentId, 'the signature of its proof does not hold'),
        found(others.consentId, 'it is not what was signed: customer'),
        found(more.consentId, 'it is not what was signed: purposes, givenAt, validUntil'),
      ],
    });
  });

  it('are checked with the key that was trusted, and no other that is put in its place', async () => {
    const other = p256.jwk;
    await office.tamper('UPDATE consent_signers SET public_jwk = $2 WHERE signer_id = $1', kid, other);
    expect((await office.verify(tenantId)).out).toContain('is not the one that was trusted');
    await office.tamper('DELETE FROM consent_signers WHERE signer_id = $1', kid);
    expect((await office.verify(tenantId)).out).toContain(
      'the key that it was signed with is not kept any more',
    );
  });
});
