import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import { defaultPolicy, policySchema, type PolicyDocument } from '../../src/core/policy/policy.js';
import { PoliciesService } from '../../src/modules/policies/policies.service.js';
import type { BusMessage } from '../../src/platform/event-bus/event-bus.port.js';
import { aConsent, aStretch, startCustomers, type Client, type CustomersServer } from './support.js';

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
    const told = new Promise<BusMessage>((resolve) => {
      const end = timbre.server.parts.bus.subscribe((message) => {
        if (message.kind !== 'customer-changed' || message.customerId !== customerId) return;
        end();
        resolve(message);
      });
    });
    await service.patch(`/v1/customers/${customerId}`).send({ residence: 'US-IL' }).expect(200);
    expect(await told).toMatchObject({ change: 'residence-changed' });
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
