import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId, TenantId, VoiceprintId } from '../../src/core/ids.js';
import { defaultPolicy, policySchema } from '../../src/core/policy/policy.js';
import { thresholdsOf } from '../../src/core/speaker/thresholds.js';
import { Verifier } from '../../src/core/speaker/verifier.js';
import type { AccuracyView } from '../../src/modules/installation/accuracy/accuracy-view.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import { OwnCallersMeasuring } from '../../src/modules/people/own-callers/own-callers-measuring.js';
import { seededRandom } from '../../tools/evaluate/seeded-random.js';
import { aStretch, startCustomers, testModel, type Client, type CustomersServer } from './support.js';

interface Caller {
  readonly customerId: CustomerId;
  readonly voice: Float32Array;
}

const random = seededRandom(11);
let timbre: CustomersServer;
let measuring: OwnCallersMeasuring;
let fraud: Client;
let tenantId: TenantId;

beforeAll(async () => {
  timbre = await startCustomers();
  measuring = timbre.server.app.get(OwnCallersMeasuring, { strict: false });
  fraud = await timbre.as('fraud');
  ({ tenantId } = timbre);
  // Around one mean voice throughout.
  const ownMeanVoice = { ...defaultPolicy.verification.ownMeanVoice, gather: false };
  const verification = { ...defaultPolicy.verification, ownMeanVoice };
  const policies = timbre.server.app.get(PoliciesService, { strict: false });
  const document = policySchema.strip().parse({ ...defaultPolicy, verification });
  await policies.replace(tenantId, document, crypto.randomUUID() as never);
});
afterAll(() => timbre.close());
beforeEach(async () => {
  await timbre.rows('DELETE FROM own_caller_counts');
  await timbre.rows('DELETE FROM acceptance_bounds');
  // Voiceprints of the cases before are compared with nobody.
  await timbre.rows('UPDATE voiceprints SET restricted_at = now()');
});

describe('how often strangers are accepted among a tenant’s own callers', () => {
  it('is said not to be measured until it is', async () => {
    expect(await accuracy()).toMatchObject({
      ownCallers: 'not-yet-measured',
      text: 'not yet measured on your callers',
      callers: 0,
      neededCallers: 30,
      pairs: 0,
      neededPairs: 3000,
    });
    const { customerId } = await aCaller();
    const verifier = new Verifier(testModel, defaultPolicy);
    verifier.claim(await timbre.voiceprints.claimContext(tenantId, customerId));
    expect(verifier.result().thresholds).toMatchObject({ ownCallers: 'not-yet-measured' });
  });

  it('is counted of calls against voiceprints of other customers, and counts are all that is kept', async () => {
    const [first, ...others] = await callers(4);
    await ends(first!, 9.5);
    await ends(first!, null);
    expect(await accuracy()).toMatchObject({ callers: 1, pairs: 2 * others.length, acceptedCalls: 1 });
    const [row] = await timbre.rows('SELECT * FROM own_caller_counts');
    expect(row).toMatchObject({ calls: 2, callers: 1, pairs: 6, pairs_squared: 18, own: 1 });
    expect(JSON.stringify(row)).not.toContain(first!.customerId);
    const facts = await timbre.rows(
      `SELECT details FROM audit_entries WHERE action = 'own-callers-measured' ORDER BY seq`,
    );
    expect(facts.slice(-2)).toEqual([{ details: { pairs: 3, own: 1 } }, { details: { pairs: 3, own: 0 } }]);
  });

  it('overwrites the voice', async () => {
    const [first] = await callers(2);
    const direction = Float32Array.from(first!.voice);
    await ends(first!, null, direction);
    expect([...direction]).toEqual([0, 0, 0, 0]);
  });

  it('counts nobody who has said no, as a caller or as a stranger', async () => {
    const [caller, other, third] = await callers(3);
    await withdraws(caller!);
    await ends(caller!, null);
    expect(await accuracy()).toMatchObject({ pairs: 0 });
    await ends(other!, null);
    expect(await accuracy()).toMatchObject({ callers: 1, pairs: 1 });
    await withdraws(third!);
    await ends(other!, null);
    expect(await accuracy()).toMatchObject({ callers: 1, pairs: 1 });
  });

  it('counts nobody whose law says no, as a caller or as a stranger', async () => {
    const inIllinois = await aCaller('US-IL');
    const [caller] = await callers(2);
    await ends(inIllinois, null);
    expect(await accuracy()).toMatchObject({ pairs: 0 });
    await ends(caller!, null);
    expect(await accuracy()).toMatchObject({ pairs: 1 });
  });

  it('leaves out who may be of one household: claimed in calls from the same number', async () => {
    const [caller, spouse] = await callers(3);
    for (const { customerId } of [caller!, spouse!])
      await timbre.rows(
        `INSERT INTO calls (call_id, tenant_id, protocol, ani_hash, claimed_customer_id, opened_at, result)
         VALUES (gen_random_uuid(), $1, 'twilio', 'one-number', $2, now(), '{}')`,
        tenantId,
        customerId,
      );
    await ends(caller!, null);
    expect(await accuracy()).toMatchObject({ pairs: 1 });
  });

  it('moves each threshold to where its stated rate holds, from 30 callers and 3,000 pairs on, and says so', async () => {
    const people = await callers(62);
    const shipped = thresholdsOf(defaultPolicy, testModel.id);
    for (const one of people.slice(0, 59)) await ends(one, null);
    expect(await accuracy()).toMatchObject({ ownCallers: 'not-yet-measured', callers: 59, pairs: 2950 });
    await ends(people[59]!, 11);
    const measured = await accuracy();
    expect(measured).toMatchObject({ ownCallers: 'measured', callers: 60, pairs: 3000 });
    for (const { acceptLlr, statedFalseAcceptRate, falseAcceptRate } of measured.operatingPoints) {
      expect(acceptLlr).toBeGreaterThan(shipped.acceptLlr);
      expect(falseAcceptRate!.share).toBeLessThanOrEqual(statedFalseAcceptRate);
      expect(falseAcceptRate!.high).toBeGreaterThan(falseAcceptRate!.share);
    }
    const [changed] = await timbre.rows(
      `SELECT details FROM audit_entries WHERE action = 'acceptance-bounds-changed' ORDER BY seq DESC LIMIT 1`,
    );
    const standard = measured.operatingPoints.find(({ inUse }) => inUse)!.acceptLlr;
    expect(changed).toMatchObject({
      details: {
        callers: 60,
        pairs: 3000,
        before: ['convenience 2.81', 'standard 4.88', 'strict 6.69'],
        after: expect.arrayContaining([`standard ${standard.toFixed(2)}`]) as unknown,
      },
    });
    // A claim from now on is decided by it.
    const verifier = new Verifier(testModel, defaultPolicy);
    verifier.claim(await timbre.voiceprints.claimContext(tenantId, people[0]!.customerId));
    expect(verifier.result().thresholds).toMatchObject({
      acceptLlr: standard,
      rejectLlr: shipped.rejectLlr,
      ownCallers: 'measured',
    });
    // Three thousand comparisons, each with its own consents asked for.
  }, 180_000);

  it('is told to administrators, fraud and privacy, and to no other tenant', async () => {
    for (const role of ['admin', 'privacy'] as const)
      await (await timbre.as(role)).get('/v1/accuracy').expect(200);
    for (const role of ['agent', 'telephony', 'customer-service'] as const)
      await (await timbre.as(role)).get('/v1/accuracy').expect(403);
    const [caller] = await callers(3);
    await ends(caller!, null);
    const elsewhere = await timbre.server.makeTenant();
    const token = await timbre.server.makeToken(elsewhere, 'admin');
    const response = await fetch(`${timbre.server.url}/v1/accuracy`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ pairs: 0 });
  });
});

async function accuracy(): Promise<AccuracyView> {
  return (await fraud.get('/v1/accuracy').expect(200)).body as AccuracyView;
}

async function aCaller(residence = 'DE'): Promise<Caller> {
  const { customerId } = await timbre.customers.create(tenantId, {
    accountRef: crypto.randomUUID(),
    residence,
  });
  await timbre.giveConsent(customerId);
  const numbers = Array.from({ length: 4 }, () => random() + random() + random() - 1.5);
  const voice = Float32Array.from(numbers, (value) => value / Math.hypot(...numbers));
  await timbre.voiceprints.addStretch(tenantId, customerId, aStretch(21_000, voice));
  return { customerId, voice };
}

async function callers(count: number): Promise<Caller[]> {
  const made: Caller[] = [];
  while (made.length < count) made.push(await aCaller());
  return made;
}

async function withdraws({ customerId }: Caller): Promise<void> {
  const [row] = await timbre.rows(`SELECT consent_id FROM consents WHERE customer_id = $1`, customerId);
  await timbre.withdraw(customerId, row!.consent_id as never);
}

/** A call of theirs ends, compared to a decision. */
async function ends(
  { customerId, voice }: Caller,
  ownLlr: number | null,
  direction = Float32Array.from(voice),
): Promise<void> {
  const [row] = await timbre.rows('SELECT voiceprint_id FROM voiceprints WHERE customer_id = $1', customerId);
  await measuring.measure(tenantId, customerId, {
    voiceprintId: row!.voiceprint_id as VoiceprintId,
    modelId: testModel.id,
    modelSha256: testModel.sha256,
    meanVoiceVersion: undefined,
    centre: undefined,
    direction,
    netSpeechMs: 8000,
    likeness: null,
    snrDb: 30,
    ownLlr,
  });
}
