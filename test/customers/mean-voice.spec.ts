import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId, TenantId } from '../../src/core/ids.js';
import { defaultPolicy, policySchema } from '../../src/core/policy/policy.js';
import { peopleAtOnce } from '../../src/core/speaker/mean-voice-batch.js';
import { Verifier } from '../../src/core/speaker/verifier.js';
import { MeanVoiceGathering } from '../../src/modules/installation/mean-voices/mean-voice-gathering.js';
import type {
  MeanVoiceVersionView,
  MeanVoiceView,
} from '../../src/modules/installation/mean-voices/mean-voice-view.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import { alice, aStretch, startCustomers, testModel, type Client, type CustomersServer } from './support.js';
import { nextFact } from '../support/facts.js';

/** As many as no case here gathers by thirties unless it means to. */
const minCalls = 990;
const clean = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };

let timbre: CustomersServer;
let gathering: MeanVoiceGathering;
let admin: Client;
let tenantId: TenantId;

beforeAll(async () => {
  timbre = await startCustomers();
  gathering = timbre.server.app.get(MeanVoiceGathering, { strict: false });
  ({ tenantId } = timbre);
  admin = await timbre.as('admin');
});
afterAll(() => timbre.close());
beforeEach(async () => {
  await timbre.rows('DELETE FROM centre_sums');
  await timbre.rows('DELETE FROM centre_versions');
  // What waits in memory of the case before goes, too.
  await gatherCalls(false);
  await acceptedCalls(1);
  await gatherCalls(true);
});

async function gatherCalls(gather: boolean, needed = 10 * minCalls): Promise<void> {
  const verification = { ...defaultPolicy.verification, ownMeanVoice: { gather, minCalls: needed } };
  const policies = timbre.server.app.get(PoliciesService, { strict: false });
  await policies.replace(
    tenantId,
    policySchema.strip().parse({ ...defaultPolicy, verification }),
    crypto.randomUUID() as never,
  );
}

/** Accepted calls, each of another customer. */
async function acceptedCalls(count: number, voice = Float32Array.of(0.6, 0, 0, 0.8)): Promise<void> {
  for (let i = 0; i < count; i++) await acceptedCall(crypto.randomUUID() as CustomerId, voice);
}
const acceptedCall = (customerId: CustomerId, voice = alice): Promise<void> =>
  gathering.add(tenantId, customerId, {
    modelId: testModel.id,
    modelSha256: testModel.sha256,
    direction: Float32Array.from(voice),
  });
const view = async (): Promise<MeanVoiceView> =>
  (await admin.get('/v1/mean-voice').expect(200)).body as MeanVoiceView;
const gathered = async (): Promise<number> => (await view()).gathered.calls;

describe('the mean voice of a tenant’s own calls', () => {
  it('is the model’s until there is another', async () => {
    expect(await view()).toEqual({
      modelId: testModel.id,
      modelSha256: testModel.sha256,
      inForce: { kind: 'model' },
      gathered: { gathering: true, calls: 0, neededCalls: 10 * minCalls, since: null },
    });
  });

  it('gathers nothing unless the policy says so', async () => {
    await acceptedCalls(peopleAtOnce - 1);
    await gatherCalls(false);
    await acceptedCalls(peopleAtOnce + 1);
    expect(await gathered()).toBe(0);
  });

  it('keeps nothing of fewer people than a crowd, and each person once', async () => {
    const regular = crypto.randomUUID() as CustomerId;
    for (let i = 0; i < 2 * peopleAtOnce; i++) await acceptedCall(regular);
    await acceptedCalls(peopleAtOnce - 2);
    expect(await timbre.rows('SELECT * FROM centre_sums')).toEqual([]);
    await acceptedCalls(1);
    expect(await timbre.rows('SELECT calls FROM centre_sums')).toEqual([{ calls: peopleAtOnce }]);
  });

  it('drops what waits in memory when one of its people withdraws', async () => {
    const customerId = await timbre.newCustomer();
    const consentId = await timbre.giveConsent(customerId);
    await acceptedCall(customerId);
    await acceptedCalls(peopleAtOnce - 2);
    const heard = nextFact(timbre.server.app, ({ action }) => action === 'consent-withdrawn');
    await timbre.withdraw(customerId, consentId);
    await heard;
    await acceptedCalls(2);
    expect(await gathered()).toBe(0);
  });

  it('overwrites each call’s voice', async () => {
    const direction = Float32Array.from(alice);
    const { id: modelId, sha256: modelSha256 } = testModel;
    await gathering.add(tenantId, crypto.randomUUID() as CustomerId, { modelId, modelSha256, direction });
    expect([...direction]).toEqual([0, 0, 0, 0]);
  });

  it('is not made of too few calls', async () => {
    await acceptedCalls(peopleAtOnce);
    const response = await admin.post('/v1/mean-voice/refits').expect(409);
    expect(response.body).toMatchObject({
      type: expect.stringContaining('too-few-calls') as unknown,
      detail: `${peopleAtOnce} of ${10 * minCalls} calls are gathered.`,
    });
  });

  it('comes in force by itself once enough callers were gathered, and the next with four times as many', async () => {
    await gatherCalls(true, peopleAtOnce);
    await acceptedCalls(peopleAtOnce - 1);
    expect((await view()).inForce).toEqual({ kind: 'model' });
    await acceptedCalls(1);
    expect((await view()).inForce).toMatchObject({
      kind: 'own',
      version: 1,
      calls: peopleAtOnce,
      createdBy: null,
    });
    expect(await gathered()).toBe(0);
    await acceptedCalls(3 * peopleAtOnce);
    expect((await view()).inForce).toMatchObject({ version: 1 });
    await acceptedCalls(peopleAtOnce);
    expect((await view()).inForce).toMatchObject({ version: 2, calls: 4 * peopleAtOnce });
  });

  it('stays the model’s by itself where an administrator went back to it', async () => {
    await gatherCalls(true, peopleAtOnce);
    await acceptedCalls(peopleAtOnce);
    await admin.post('/v1/mean-voice/reset').expect(201);
    await acceptedCalls(4 * peopleAtOnce);
    expect((await view()).inForce).toEqual({ kind: 'model' });
  });

  it('tells at once when the callers lie far from the one in force', async () => {
    await gatherCalls(true, peopleAtOnce);
    await acceptedCalls(peopleAtOnce, Float32Array.of(1, 0, 0, 0));
    await acceptedCalls(peopleAtOnce, Float32Array.of(0.95, 0.31, 0, 0));
    const far = `SELECT details FROM audit_entries WHERE action = 'mean-voice-far' ORDER BY seq`;
    expect(await timbre.rows(far)).toEqual([]);
    await acceptedCalls(peopleAtOnce, Float32Array.of(0.37, 0.93, 0, 0));
    expect(await timbre.rows(far)).toMatchObject([
      { details: { calls: peopleAtOnce, cosineHundredths: 37 } },
    ]);
  });

  it('is put in force by an administrator, in place of the model’s, and can be taken back', async () => {
    const customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId);
    await timbre.voiceprints.addStretch(tenantId, customerId, aStretch(21_000));
    await acceptedCalls(minCalls);
    await gatherCalls(true, minCalls);
    const made = (await admin.post('/v1/mean-voice/refits').expect(201)).body as MeanVoiceVersionView;
    expect(made).toMatchObject({ version: 1, meanVoice: 'own', calls: minCalls });
    expect(made.distance).toBeCloseTo(1, 6);
    expect(made.numbers?.[3]).toBeCloseTo(0.8, 6);
    expect((await view()).inForce).toMatchObject({ kind: 'own', version: 1 });
    // Gathering begins anew: the next one tells of other calls.
    expect(await gathered()).toBe(0);

    const claim = await timbre.voiceprints.claimContext(tenantId, customerId);
    expect(claim).toMatchObject({ kind: 'ready', meanVoiceVersion: 1 });
    const verifier = new Verifier(testModel, defaultPolicy);
    verifier.claim(claim);
    const times = {
      startMs: 0,
      endMs: 5000,
      netSpeechMs: 5000,
      totalNetSpeechMs: 5000,
      newNetSpeechMs: 5000,
    };
    verifier.segment({ embedding: Float32Array.of(0.6, 0.8, 0, 0), ...times }, clean);
    // Around (0.6, 0, 0, 0.8): alice (0.4, 0, 0, −0.8), the caller (0, 0.8, 0, −0.8); cosine 0.64 / (0.8944 · 1.1314).
    const cosine = 0.64 / (Math.hypot(0.4, 0.8) * Math.hypot(0.8, 0.8));
    expect(verifier.result().llr).toBeCloseTo(20 * cosine - 8, 4);
    expect(verifier.result().thresholds).toMatchObject({ modelId: testModel.id, meanVoiceVersion: 1 });

    await admin.post('/v1/mean-voice/reset').expect(201);
    await admin.post('/v1/mean-voice/reset').expect(409);
    expect((await view()).inForce).toEqual({ kind: 'model' });
    expect(await timbre.voiceprints.claimContext(tenantId, customerId)).not.toHaveProperty(
      'meanVoiceVersion',
    );
    const { versions } = (await admin.get('/v1/mean-voice/versions').expect(200)).body as {
      versions: MeanVoiceVersionView[];
    };
    expect(versions.map(({ version, meanVoice }) => [version, meanVoice])).toEqual([
      [2, 'model'],
      [1, 'own'],
    ]);
    const told = await timbre.rows(
      `SELECT details FROM audit_entries WHERE action = 'mean-voice-changed' ORDER BY seq`,
    );
    expect(told.slice(-2)).toMatchObject([
      { details: { calls: minCalls, own: true } },
      { details: { own: false } },
    ]);
  });

  it('is for administrators, and a privacy officer may look', async () => {
    const privacy = await timbre.as('privacy');
    await privacy.get('/v1/mean-voice').expect(200);
    // As it was called before.
    await privacy.get('/v1/centre').expect(200);
    await privacy.post('/v1/mean-voice/refits').expect(403);
    for (const role of ['agent', 'telephony', 'fraud', 'customer-service'] as const)
      await (await timbre.as(role)).get('/v1/mean-voice').expect(403);
  });

  it('tells and serves no other tenant', async () => {
    await acceptedCalls(minCalls);
    await gatherCalls(true, minCalls);
    await admin.post('/v1/mean-voice/refits').expect(201);
    const elsewhere = await timbre.server.makeTenant();
    const token = await timbre.server.makeToken(elsewhere, 'admin');
    const response = await fetch(`${timbre.server.url}/v1/mean-voice`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(((await response.json()) as MeanVoiceView).inForce).toEqual({ kind: 'model' });
  });
});
