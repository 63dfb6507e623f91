import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { TenantId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { aConsent, alice, aStretch, startMs } from '../customers/support.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { AuditWriter } from '../../src/modules/installation/facts/audit-writer.js';
import { Office } from './support.js';

interface Line {
  readonly record: {
    readonly seq: number;
    readonly at: string;
    readonly action: string;
    readonly by: string | null;
    readonly subject: { readonly kind: string; readonly id: string };
    readonly details: Record<string, unknown>;
  };
}

let office: Office;
let tenantId: TenantId;

beforeAll(async () => {
  office = await Office.open();
  tenantId = await office.server.makeTenant();
});
afterAll(() => office.close());

const exported = async (query: Record<string, string> = {}): Promise<{ lines: Line[]; text: string }> => {
  const privacy = await office.as(tenantId, 'privacy');
  const answer = await privacy.get('/v1/audit/export').query(query).buffer(true).parse(asText).expect(200);
  expect(answer.headers['content-type']).toContain('application/x-ndjson');
  const text = answer.body as string;
  const lines = text.split('\n').filter((line) => line !== '');
  return { text, lines: lines.map((line) => JSON.parse(line) as Line) };
};
const asText: Parameters<request.Test['parse']>[0] = (response, done) => {
  let text = '';
  response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  response.on('end', () => {
    done(null, text);
  });
};

describe('the audit log', () => {
  it('tells who changed what, in the order it happened, without secrets, numbers or voices', async () => {
    const admin = await office.as(tenantId, 'admin');
    const { version, ...policy } = defaultPolicy;
    expect(version).toBe(0);
    const token = await admin
      .post('/v1/tokens')
      .send({ role: 'agent', label: 'Jo Bloggs, +44 20 7946 0958' })
      .expect(201);
    const made = token.body as { tokenId: string; token: string };
    await admin.delete(`/v1/tokens/${made.tokenId}`).expect(204);
    const auth = { Authorization: `Bearer ${await office.server.makeToken(tenantId, 'admin')}` };
    await request(office.server.url).put('/v1/policy').set(auth).send(policy).expect(200);
    const credential = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'f'.repeat(32), protocol: 'twilio' };
    const added = await admin.post('/v1/telephony-credentials').send(credential).expect(201);
    const { credentialId } = added.body as { credentialId: string };
    await admin.delete(`/v1/telephony-credentials/${credentialId}`).expect(204);
    const customerId = await office.customer(tenantId, 'ACC-0042');
    const { consentId } = await office.giving.give(office.by(tenantId), customerId, aConsent);
    const voiceprints = office.server.app.get(VoiceprintsService, { strict: false });
    expect((await voiceprints.addStretch(tenantId, customerId, aStretch(30_000, alice))).kind).toBe(
      'enrolled',
    );
    const service = await office.as(tenantId, 'customer-service');
    await service.delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    await service.delete(`/v1/customers/${customerId}/voiceprint`).expect(404);
    await service.delete(`/v1/customers/${customerId}/consents/${consentId}`).expect(200);

    const { lines, text } = await exported();
    const told = lines.map(({ record }) => record);
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1));
    const of = (action: string) => told.filter((record) => record.action === action);
    const createdByAdmin = of('token-created').find(({ subject }) => subject.id === made.tokenId);
    expect(createdByAdmin).toMatchObject({ by: expect.any(String), details: { role: 'agent' } });
    const actions = told.map(({ action }) => action).filter((action) => action !== 'token-created');
    expect(actions).toEqual([
      'token-revoked',
      'policy-changed',
      'telephony-credential-added',
      'telephony-credential-revoked',
      'consent-granted',
      'voiceprint-enrolled',
      'voiceprint-revoked',
      'consent-withdrawn',
      'audit-exported',
    ]);
    expect(of('policy-changed')[0]).toMatchObject({ subject: { kind: 'policy', id: '1' } });
    expect(of('consent-granted')[0]?.details).toMatchObject({ consentId, purposes: aConsent.purposes });
    expect(of('voiceprint-revoked')[0]).toMatchObject({
      subject: { kind: 'customer', id: customerId },
      by: expect.any(String),
      details: { voiceprints: 1, keys: 1 },
    });
    for (const secret of [
      made.token,
      credential.authToken,
      credential.accountSid,
      'Bloggs',
      '7946',
      'ACC-0042',
    ])
      expect(text).not.toContain(secret);
  });

  it('is taken out by time, as one run without gaps', async () => {
    office.clock.now = startMs + 1000;
    await office.as(tenantId, 'agent');
    const from = new Date(startMs + 1000).toISOString();
    const { lines } = await exported({ from });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every(({ record }) => record.at >= from)).toBe(true);
    const before = await exported({ to: from });
    expect(before.lines.at(-1)?.record.seq).toBe((lines[0]?.record.seq ?? 0) - 1);
    expect((await exported({ from: '2030-01-01T00:00:00Z' })).lines).toEqual([]);
  });

  it('is searched by whom or what it tells of, newest first, a page at a time', async () => {
    const privacy = await office.as(tenantId, 'privacy');
    const page = async (query: Record<string, string>) =>
      (await privacy.get('/v1/audit/entries').query(query).expect(200)).body as {
        entries: { seq: number; action: string; subject: { id: string }; hash: string }[];
        next: number | null;
      };
    const customerId = await office.customer(tenantId);
    const { consentId } = await office.giving.give(office.by(tenantId), customerId, aConsent);
    await office.withdrawals.withdraw(office.by(tenantId), customerId, consentId);
    const { entries } = await page({ subjectId: customerId });
    expect(entries.map(({ action }) => action)).toEqual(['consent-withdrawn', 'consent-granted']);
    expect((await page({ action: 'policy-changed' })).entries).toHaveLength(1);
    const first = await page({ limit: '2' });
    const second = await page({ limit: '2', before: String(first.next) });
    expect([...first.entries, ...second.entries].map(({ seq }) => seq)).toEqual(
      [0, 1, 2, 3].map((back) => (first.entries[0]?.seq ?? 0) - back),
    );
    const { lines } = await exported();
    expect(
      (lines as object[]).find((line) => (line as Line & { hash: string }).hash === entries[0]?.hash),
    ).toBeDefined();
    for (const query of [{ action: 'Anything; DROP' }, { before: '0' }, { limit: '9999' }, { colour: 'red' }])
      await privacy.get('/v1/audit/entries').query(query).expect(400);
  });

  it('gives the consent ledger out the same way', async () => {
    const privacy = await office.as(tenantId, 'privacy');
    const { text } = await privacy
      .get('/v1/audit/export')
      .query({ ledger: 'consents' })
      .buffer(true)
      .expect(200)
      .expect('content-disposition', /consents\.jsonl/);
    const [first] = text.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      record: { ledger: 'consents', seq: 1, kind: 'granted' },
    });
  });

  it('is for the privacy officer alone, and each tenant’s by itself', async () => {
    for (const role of ['agent', 'fraud', 'customer-service', 'admin', 'telephony'] as const)
      await (await office.as(tenantId, role)).get('/v1/audit/export').expect(403);
    await (
      await office.as(tenantId, 'privacy')
    )
      .get('/v1/audit/export')
      .query({ from: 'yesterday' })
      .expect(400);
    const elsewhere = await office.server.makeTenant();
    const { text } = await (
      await office.as(elsewhere, 'privacy')
    )
      .get('/v1/audit/export')
      .buffer(true)
      .expect(200);
    expect(text).not.toContain(tenantId);
  });

  it('has no entry of what did not happen', async () => {
    const before = await office.head(tenantId, 'audit');
    const unknown = crypto.randomUUID() as never;
    await expect(office.giving.give(office.by(tenantId), unknown, aConsent)).rejects.toMatchObject({
      status: 404,
    });
    expect(await office.head(tenantId, 'audit')).toBe(before);
  });

  it('takes what happens in calls without making them wait, and shows tampering like the ledger', async () => {
    const writer = office.server.app.get(AuditWriter, { strict: false });
    const customerId = await office.customer(tenantId);
    for (let used = 0; used < 50; used += 1)
      writer.add(tenantId, {
        action: 'voiceprint-used',
        by: null,
        subject: { kind: 'customer', id: customerId },
      });
    await writer.flushed();
    const { lines } = await exported();
    expect(lines.filter(({ record }) => record.subject.id === customerId)).toHaveLength(50);
    expect(await office.verify(tenantId, 'audit')).toMatchObject({ code: 0 });
    await office.tamper(
      `UPDATE audit_entries SET by_token = NULL WHERE tenant_id = $1 AND action = 'policy-changed'`,
      tenantId,
    );
    const { code, out } = await office.verify(tenantId, 'audit');
    const privacy = await office.as(tenantId, 'privacy');
    const { body } = await privacy.post('/v1/privacy/ledgers/audit/verification').expect(200);
    expect(body).toMatchObject({ whole: false, findings: [expect.stringContaining('was changed')] });
    expect((await privacy.post('/v1/privacy/ledgers/consents/verification').expect(200)).body).toMatchObject({
      ledger: 'consents',
      whole: true,
      findings: [],
      head: await office.head(tenantId, 'consents'),
    });
    await privacy.post('/v1/privacy/ledgers/other/verification').expect(400);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining('(policy-changed at 2026-03-01T09:30:00.000Z) was changed'),
    ]);
  });
});
