import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import { defaultPolicy, policySchema, type PolicyDocument } from '../../src/core/policy/policy.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import { aConsent, aStretch, startCustomers, type Client, type CustomersServer } from './support.js';
import { nextFact } from '../support/facts.js';

let timbre: CustomersServer;
let service: Client;

beforeAll(async () => {
  timbre = await startCustomers();
  service = await timbre.as('customer-service');
}, 60_000);
afterAll(() => timbre.close());

async function living(residence: string | null): Promise<CustomerId> {
  const customerId = await timbre.newCustomer();
  await service.patch(`/v1/customers/${customerId}`).send({ residence }).expect(200);
  return customerId;
}
const agree = (customerId: CustomerId, method: string) =>
  service.post(`/v1/customers/${customerId}/consents`).send({ ...aConsent, method });
const gate = (customerId: CustomerId) => timbre.voiceprints.enrolmentGate(timbre.tenantId, customerId);
const writePolicy = (privacy: Partial<PolicyDocument['privacy']>, days = 730) => {
  const document: Record<string, unknown> = { ...defaultPolicy };
  delete document['version'];
  const retention = { voiceprintDaysAfterLastInteraction: days };
  return timbre.server.app
    .get(PoliciesService, { strict: false })
    .replace(
      timbre.tenantId,
      policySchema.parse({ ...document, retention, privacy: { ...defaultPolicy.privacy, ...privacy } }),
      crypto.randomUUID() as never,
    );
};

describe('consent in Illinois', () => {
  it.each(['read-by-agent', 'ivr-digit'])(
    'is not given by %s: the answer names the law and what it takes, and nothing is recorded',
    async (method) => {
      const customerId = await living('US-IL');
      const { body } = await agree(customerId, method).expect(409);
      expect(body).toMatchObject({
        type: 'urn:timbre:problem:consent-method-not-enough',
        decidedBy: { packId: 'bipa', rule: 'basis', article: '740 ILCS 14/15(b), 14/10' },
        methods: ['web-form', 'signed-import'],
      });
      expect((await service.get(`/v1/customers/${customerId}/consents`)).body).toEqual({ consents: [] });
    },
  );

  it('is given on a form, and the gate says under which rule it is open', async () => {
    const customerId = await living('US-IL');
    await agree(customerId, 'web-form').expect(201);
    expect(await gate(customerId)).toMatchObject({ kind: 'open', decidedBy: { packId: 'bipa' } });
  });

  it('is asked of everybody whose home nobody knows, until the tenant switches the law off', async () => {
    const customerId = await living(null);
    await agree(customerId, 'ivr-digit').expect(409);
    await writePolicy({ packs: ['gdpr', 'ccpa'] });
    await agree(customerId, 'ivr-digit').expect(201);
    expect(await gate(customerId)).toMatchObject({ kind: 'open', decidedBy: { packId: 'gdpr' } });
    await writePolicy({});
    expect(await gate(customerId)).toMatchObject({ kind: 'closed', reason: 'consent-method-not-enough' });
  });
});

describe('a customer who moves', () => {
  it('is protected by the law of the new home at once: the gate closes, live calls hear of it, the audit log has it', async () => {
    const customerId = await living('DE');
    await agree(customerId, 'read-by-agent').expect(201);
    await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000));
    expect(await timbre.voiceprints.claimContext(timbre.tenantId, customerId)).toMatchObject({
      kind: 'ready',
      decidedBy: { packId: 'gdpr' },
    });
    const told = nextFact(timbre.server.app, ({ action }) => action === 'residence-changed');
    await service.patch(`/v1/customers/${customerId}`).send({ residence: 'US-IL' }).expect(200);
    expect(await told).toMatchObject({ subject: { kind: 'customer', id: customerId } });
    expect(await timbre.voiceprints.claimContext(timbre.tenantId, customerId)).toMatchObject({
      kind: 'no-consent',
      reason: 'consent-method-not-enough',
      decidedBy: { packId: 'bipa', article: '740 ILCS 14/15(b), 14/10' },
    });
    const [entry] = await timbre.rows(
      `SELECT details FROM audit_entries WHERE action = 'residence-changed' AND subject_id = $1 ORDER BY seq DESC`,
      customerId,
    );
    expect(entry).toEqual({ details: { from: 'DE', to: 'US-IL', packs: ['bipa'] } });
    await agree(customerId, 'web-form').expect(201);
    expect(await timbre.voiceprints.claimContext(timbre.tenantId, customerId)).toMatchObject({
      kind: 'ready',
    });
  });

  it('keeps a voiceprint no longer than the new home allows', async () => {
    await writePolicy({}, 3650);
    const customerId = await living('DE');
    await agree(customerId, 'web-form').expect(201);
    await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000));
    const dated = async () =>
      (await service.get(`/v1/customers/${customerId}/voiceprint`).expect(200)).body as {
        voiceprint: Record<string, unknown>;
      };
    expect((await dated()).voiceprint).toMatchObject({ expiryReason: 'days-after-last-interaction' });
    await service.patch(`/v1/customers/${customerId}`).send({ residence: 'US-CO' }).expect(200);
    expect((await dated()).voiceprint).toMatchObject({
      expiresAt: '2028-03-01T09:30:00.000Z',
      expiryReason: 'law-limit',
      expiryDecidedBy: { packId: 'cpa', rule: 'retention', article: 'C.R.S. 6-1-1314(2)(a)(III)(B)' },
    });
    await writePolicy({});
  });

  it.each(['ZZ', 'US-ZZ', 'Texas', ''])(
    'cannot move to %j: the answer names the field',
    async (residence) => {
      const customerId = await living('DE');
      const { body } = await service.patch(`/v1/customers/${customerId}`).send({ residence }).expect(400);
      expect(body).toMatchObject({ errors: [{ field: 'residence' }] });
    },
  );

  it('is not moved by an agent, nor by somebody who does not know them', async () => {
    const customerId = await living('DE');
    await (
      await timbre.as('agent')
    )
      .patch(`/v1/customers/${customerId}`)
      .send({ residence: 'FR' })
      .expect(403);
    const unknown = '00000000-0000-4000-8000-000000000000';
    await service.patch(`/v1/customers/${unknown}`).send({ residence: 'FR' }).expect(404);
  });
});

describe('GET /v1/privacy/packs', () => {
  interface Listed {
    readonly policyVersion: number;
    readonly packs: readonly {
      readonly packId: string;
      readonly version: string;
      readonly enabled: boolean;
      readonly everywhere: boolean;
      readonly rules: { readonly basis: { readonly article: string } };
    }[];
  }
  const listed = async () =>
    (await (await timbre.as('privacy')).get('/v1/privacy/packs').expect(200)).body as Listed;

  it('names each law with its version and its articles, and which are switched on, for whom', async () => {
    await writePolicy({ packs: ['gdpr', 'bipa'], everywhere: ['gdpr'] });
    const { policyVersion, packs } = await listed();
    expect(packs.map(({ packId }) => packId)).toEqual(['gdpr', 'ccpa', 'vcdpa', 'cpa', 'bipa', 'cubi']);
    expect(packs.filter(({ enabled }) => enabled).map(({ packId }) => packId)).toEqual(['gdpr', 'bipa']);
    expect(packs.filter(({ everywhere }) => everywhere).map(({ packId }) => packId)).toEqual(['gdpr']);
    for (const { version } of packs) expect(version).toMatch(/^\d{4}-\d\d-\d\d$/);
    // Read in the statutes themselves.
    expect(packs.find(({ packId }) => packId === 'gdpr')?.rules.basis.article).toBe('Art. 9(2)(a)');
    expect(packs.find(({ packId }) => packId === 'bipa')?.rules.basis.article).toContain('740 ILCS 14/15(b)');
    await writePolicy({});
    const after = await listed();
    expect(after.policyVersion).toBe(policyVersion + 1);
    expect(after.packs.every(({ enabled, everywhere }) => enabled && !everywhere)).toBe(true);
  });

  it('is for privacy officers and administrators', async () => {
    await (await timbre.as('admin')).get('/v1/privacy/packs').expect(200);
    for (const role of ['agent', 'customer-service', 'fraud', 'telephony'] as const)
      await (await timbre.as(role)).get('/v1/privacy/packs').expect(403);
    await (await timbre.as('privacy')).get('/v1/privacy/packs/gdpr').expect(404);
  });
});

describe('a breach that became known', () => {
  const told = async (query: string) =>
    (await timbre.as('privacy')).get(`/v1/privacy/packs/breach-clock?${query}`);
  // A Saturday before the test's own day.
  const knownAt = '2026-02-28T08:00:00Z';

  it('is told to authorities and persons by the dates of each law that is switched on', async () => {
    const { status, body } = await told(`knownAt=${knownAt}`);
    expect(status).toBe(200);
    const { laws } = body as {
      laws: { packId: string; tellAuthorityBy: string | null; tellPersonsBy: string | null }[];
    };
    expect(laws.map((law) => [law.packId, law.tellAuthorityBy, law.tellPersonsBy])).toEqual([
      // 72 hours; 30, 45 and 60 days; nothing but "without undue delay".
      ['gdpr', '2026-03-03T08:00:00.000Z', null],
      ['ccpa', null, '2026-03-30T08:00:00.000Z'],
      ['vcdpa', null, null],
      ['cpa', '2026-03-30T08:00:00.000Z', '2026-03-30T08:00:00.000Z'],
      ['bipa', null, null],
      ['cubi', '2026-03-30T08:00:00.000Z', '2026-04-29T08:00:00.000Z'],
    ]);
  });

  it('of people in Colorado is told by the law of Colorado', async () => {
    const { body } = await told(`knownAt=${knownAt}&residence=US-CO`);
    expect(body).toMatchObject({ laws: [{ packId: 'cpa', article: expect.stringContaining('6-1-716(2)') }] });
  });

  it.each([
    ['in the future', 'knownAt=2026-03-02T00:00:00Z', 'knownAt'],
    ['without a time', '', 'knownAt'],
    ['of people nowhere', `knownAt=${knownAt}&residence=ZZ`, 'residence'],
  ])('%s is refused, by field', async (_, query, field) => {
    const { status, body } = await told(query);
    expect({ status, body: body as object }).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('a child', () => {
  const give = (customerId: CustomerId, more: object) =>
    service.post(`/v1/customers/${customerId}/consents`).send({ ...aConsent, ...more });
  const given = async (customerId: CustomerId) =>
    ((await service.get(`/v1/customers/${customerId}/consents`)).body as { consents: object[] }).consents;

  it.each([
    // GDPR Art. 8(1): 16 unless the Member State says less; 59.1-578(A)(5): under 13 as COPPA asks; Illinois says nothing.
    ['DE', 15, 409],
    ['DE', 16, 201],
    ['US-VA', 12, 409],
    ['US-VA', 13, 201],
    ['US-IL', 12, 201],
  ])('in %s of %s years who agrees alone is answered %s', async (residence, ageYears, status) => {
    const customerId = await living(residence);
    const { body } = await give(customerId, { ageYears }).expect(status);
    expect(await given(customerId)).toHaveLength(status === 201 ? 1 : 0);
    if (status === 409)
      expect(body).toMatchObject({
        type: 'urn:timbre:problem:guardian-consent-needed',
        decidedBy: { rule: 'children' },
      });
  });

  it('is agreed for by a parent or guardian, with the proof of it; the age is not kept', async () => {
    const customerId = await living('DE');
    await give(customerId, { ageYears: 15, guardian: true }).expect(400);
    await give(customerId, { ageYears: 15, guardian: true, proofReference: 'scan 12' }).expect(201);
    const details = await timbre.rows(
      `SELECT details FROM audit_entries WHERE action = 'consent-granted' AND subject_id = $1`,
      customerId,
    );
    expect(details).toMatchObject([{ details: { guardian: true } }]);
    expect(JSON.stringify([details, await given(customerId)])).not.toMatch(/ageYears|\b15\b/);
  });
});
