import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId, TenantId } from '../../src/core/ids.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { aConsent, alice, aStretch, startMs, type Client } from '../customers/support.js';
import { Office } from './support.js';

// A real PostgreSQL, and a clock that somebody sets back by two hours.
const hourMs = 3_600_000;
let office: Office;
let tenantId: TenantId;
let customerId: CustomerId;
let service: Client;

beforeAll(async () => {
  office = await Office.open();
  tenantId = await office.server.makeTenant();
  customerId = await office.customer(tenantId);
  service = await office.as(tenantId, 'customer-service');
});
afterAll(() => office.close());

const stateOf = async () =>
  ((await service.get(`/v1/customers/${customerId}`).expect(200)).body as { consent: Record<string, string> })
    .consent['verification'];

describe('a clock set back', () => {
  it('lets no consent count before it was given: nothing is processed until its time has come', async () => {
    await office.giving.give(office.by(tenantId), customerId, aConsent);
    expect(await stateOf()).toBe('granted');
    office.clock.now = startMs - 2 * hourMs;
    expect(await stateOf()).toBe('missing');
    const voiceprints = office.server.app.get(VoiceprintsService, { strict: false });
    expect(await voiceprints.addStretch(tenantId, customerId, aStretch(30_000, alice))).toMatchObject({
      kind: 'no-consent',
      reason: 'consent-missing',
    });
    office.clock.now = startMs;
    expect(await stateOf()).toBe('granted');
  });

  it('refuses a consent that a right clock has dated, and says why', async () => {
    office.clock.now = startMs - 2 * hourMs;
    const { body } = await service
      .post(`/v1/customers/${customerId}/consents`)
      .send({ ...aConsent, givenAt: new Date(startMs).toISOString() })
      .expect(400);
    expect(body).toMatchObject({
      errors: [{ field: 'givenAt', expected: 'a time that is not in the future' }],
    });
  });

  it('does not undo a withdrawal, which counts by its place in the ledger and not by its hour', async () => {
    office.clock.now = startMs;
    const { consentId } = await office.giving.give(office.by(tenantId), customerId, aConsent);
    office.clock.now = startMs - 2 * hourMs;
    const withdrawn = await service.delete(`/v1/customers/${customerId}/consents/${consentId}`).expect(200);
    expect(withdrawn.body).toMatchObject({ alreadyWithdrawn: false });
    expect(await stateOf()).toBe('withdrawn');
    office.clock.now = startMs + hourMs;
    expect(await stateOf()).toBe('withdrawn');
  });

  it('leaves both ledgers whole, their rows in the order of what happened', async () => {
    expect(await office.verify(tenantId, 'consents')).toMatchObject({ code: 0 });
    expect(await office.verify(tenantId, 'audit')).toMatchObject({ code: 0 });
  });
});
