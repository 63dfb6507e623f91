import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimContext } from '../../src/core/calls/claim-context.js';
import type { CallId, ConsentId, CustomerId } from '../../src/core/ids.js';
import type { ModelDescription } from '../../src/engine/engine.port.js';
import { ModelKeeper } from '../../src/modules/people/model-change/model-keeper.js';
import type { ModelsView } from '../../src/modules/people/model-change/models.service.js';
import type {
  MigrationOutcome,
  OfferedStretch,
} from '../../src/modules/people/voiceprints/enrolment-outcome.js';
import { RetentionSweeper } from '../../src/modules/rights/retention/retention-sweeper.js';
import {
  alice,
  anotherRecording,
  aStretch,
  bob,
  closedEngine,
  dayMs,
  startCustomers,
  startMs,
  testModel,
  type CustomersServer,
} from './support.js';

type Models = [ModelDescription, ...ModelDescription[]];
type Ready = Extract<ClaimContext, { kind: 'ready' }>;

const next: ModelDescription = { ...testModel, id: 'next-model' };
const intervalMs = 300_000;

/** What the process has loaded: changed as a restart with another configuration would. */
const engine = { ...closedEngine(), model: testModel, models: [testModel] as Models };
function serve(...models: Models): void {
  engine.model = models[0];
  engine.models = models;
}

let timbre: CustomersServer;
let keeper: ModelKeeper;
let sweeper: RetentionSweeper;
let customerId: CustomerId;
let consentId: ConsentId;

beforeAll(async () => {
  timbre = await startCustomers(engine, { retiredModelDays: 30, sweepIntervalMs: intervalMs });
  keeper = timbre.server.app.get(ModelKeeper, { strict: false });
  sweeper = timbre.server.app.get(RetentionSweeper, { strict: false });
});
afterAll(() => timbre.close());
beforeEach(async () => {
  for (const row of await timbre.rows('SELECT customer_id FROM customers'))
    await timbre.voiceprints.revoke(timbre.tenantId, row['customer_id'] as CustomerId);
  await timbre.rows('DELETE FROM served_models');
  timbre.clock.now = startMs;
  serve(testModel);
  [customerId, consentId] = await enrolled();
});

async function enrolled(): Promise<[CustomerId, ConsentId]> {
  const id = await timbre.newCustomer();
  const consent = await timbre.giveConsent(id);
  await timbre.voiceprints.addStretch(timbre.tenantId, id, aStretch(21_000));
  return [id, consent];
}

const context = () => timbre.voiceprints.claimContext(timbre.tenantId, customerId);
async function ready(): Promise<Ready> {
  const found = await context();
  if (found.kind !== 'ready') throw new Error(JSON.stringify(found));
  return found;
}

/** A call verified under what holds now; `end` stores what it leaves. */
async function acceptedCall(): Promise<{ end(stretch?: OfferedStretch): Promise<MigrationOutcome> }> {
  const { voiceprintId, migration } = await ready();
  if (!migration) throw new Error('no migration was offered');
  return {
    end: (stretch = aStretch(21_000)) =>
      timbre.voiceprints.migrate(
        timbre.tenantId,
        customerId,
        { ...stretch, source: 'call', callId: crypto.randomUUID() as CallId, ticket: migration.ticket },
        voiceprintId,
      ),
  };
}

const stored = () =>
  timbre.rows(
    `SELECT voiceprint_id, model_id, status, consent_id, migrated_from, source, ended_reason, expiry_reason, expires_at,
            ciphertext IS NOT NULL AS sealed
     FROM voiceprints WHERE customer_id = $1 ORDER BY created_at, status DESC`,
    customerId,
  );
const stretches = () => timbre.rows('SELECT 1 FROM enrolment_stretches WHERE customer_id = $1', customerId);
const viewed = async () => {
  const service = await timbre.as('customer-service');
  const { body } = await service.get(`/v1/customers/${customerId}/voiceprint`).expect(200);
  return (body as { voiceprint: { status: string; modelId: string; migratedFrom: string | null } })
    .voiceprint;
};

describe('a customer of the previous model', () => {
  beforeEach(() => {
    serve(next, testModel);
  });

  it('is verified with it, and told what a voiceprint of the current one needs', async () => {
    expect(await ready()).toMatchObject({
      modelId: testModel.id,
      consentId,
      migration: { toModelId: 'next-model', neededMs: 20_000, ticket: { consentId, erasures: 0 } },
    });
  });

  it('has a voiceprint of the current one after one accepted call, under the same consent, and the old one is gone', async () => {
    const old = (await ready()).voiceprintId;
    // Agreed to once more since: the voiceprint still stands under the consent that it was made under.
    await timbre.giveConsent(customerId);
    timbre.clock.now += dayMs;
    const call = await acceptedCall();
    expect(await call.end()).toMatchObject({ kind: 'enrolled', netSpeechMs: 21_000 });
    expect(await stored()).toMatchObject([
      { model_id: testModel.id, status: 'replaced', ended_reason: 'model-changed', sealed: false },
      { model_id: 'next-model', status: 'active', migrated_from: old, consent_id: consentId, source: 'call' },
    ]);
    const now = await ready();
    expect(now).toMatchObject({ modelId: 'next-model', validUntilMs: startMs + 731 * dayMs });
    expect(now.migration).toBeUndefined();
    expect(await viewed()).toMatchObject({ status: 'active', modelId: 'next-model', migratedFrom: old });
  });

  it('keeps the old voiceprint until the speech of several calls is enough', async () => {
    const first = await acceptedCall();
    expect(await first.end(aStretch(8000))).toMatchObject({ kind: 'incomplete', netSpeechMs: 8000 });
    expect(await ready()).toMatchObject({ modelId: testModel.id, migration: { neededMs: 12_000 } });
    const second = await acceptedCall();
    expect(await second.end(aStretch(12_000, anotherRecording(1)))).toMatchObject({
      kind: 'enrolled',
      netSpeechMs: 20_000,
    });
    expect(await stretches()).toEqual([]);
    expect((await ready()).modelId).toBe('next-model');
  });

  it('gets nothing of speech that does not sound like one person, or is poor', async () => {
    const call = await acceptedCall();
    const halves = [...aStretch(12_000).embeddings, ...aStretch(12_000, bob).embeddings];
    expect(await call.end({ ...aStretch(24_000), embeddings: halves })).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'two-speakers' }],
    });
    const poor = { ...aStretch(21_000).quality, snrDb: 1 };
    expect(await call.end({ ...aStretch(21_000), quality: poor })).toMatchObject({ kind: 'refused' });
    expect((await ready()).modelId).toBe(testModel.id);
    expect(await stretches()).toEqual([]);
  });

  it('is carried over once, whichever of two calls ends first', async () => {
    const calls = [await acceptedCall(), await acceptedCall()];
    const outcomes = await Promise.all(calls.map((call) => call.end()));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['enrolled', 'superseded']);
    expect((await stored()).map((row) => row['status'])).toEqual(['replaced', 'active']);
  });

  it('gets nothing after a withdrawal during the call, nor after a revocation', async () => {
    const withdrawn = await acceptedCall();
    await timbre.withdraw(customerId, consentId);
    expect((await withdrawn.end()).kind).toBe('no-consent');
    await timbre.giveConsent(customerId);
    expect((await withdrawn.end()).kind).toBe('no-consent');
    expect((await stored()).filter((row) => row['sealed'])).toEqual([]);

    [customerId, consentId] = await ((): ReturnType<typeof enrolled> => {
      serve(testModel);
      return enrolled();
    })();
    serve(next, testModel);
    const revoked = await acceptedCall();
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    expect((await revoked.end()).kind).toBe('erased');
    expect(await stretches()).toEqual([]);
  });

  it('is not replaced by speech that nothing can be held against', async () => {
    const before = await stored();
    const outcome = await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000, bob));
    expect(outcome).toMatchObject({ kind: 'held', because: 'voiceprint-of-earlier-model' });
    expect(await stored()).toEqual(before);
  });

  it('who enrols anew after a revocation gets the current model, and nothing is left of the old one', async () => {
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    await timbre.voiceprints.addStretch(timbre.tenantId, customerId, aStretch(21_000, bob));
    expect(await stored()).toMatchObject([
      { status: 'revoked', ended_reason: 'revoked-on-request', sealed: false },
      { model_id: 'next-model', status: 'active', migrated_from: null },
    ]);
    timbre.clock.now += dayMs;
    (await ready()).voiceprint.forEach((value, i) => {
      expect(value).toBeCloseTo(bob[i] ?? NaN, 6);
    });
    expect(alice).not.toEqual(bob);
  });

  it('goes the other way when the models change places again', async () => {
    await (await acceptedCall()).end();
    serve(testModel, next);
    expect(await ready()).toMatchObject({ modelId: 'next-model', migration: { toModelId: testModel.id } });
  });
});

describe('a voiceprint of a model that is not served', () => {
  beforeEach(async () => {
    await keeper.look();
    serve(next);
  });

  it('is expired at once, for calls and for who asks', async () => {
    expect(await context()).toEqual({ customerId, kind: 'expired', reason: 'voiceprint-of-other-model' });
    expect((await viewed()).status).toBe('expired');
    const service = await timbre.as('customer-service');
    const { body } = await service.get(`/v1/customers/${customerId}`).expect(200);
    expect(body).toMatchObject({ voiceprint: 'expired' });
  });

  it('of the same id but another file is of another model', async () => {
    serve({
      ...testModel,
      sha256: 'b'.repeat(64),
      calibration: { ...testModel.calibration, modelSha256: 'b'.repeat(64) },
    });
    expect(await context()).toMatchObject({ kind: 'expired', reason: 'voiceprint-of-other-model' });
  });

  it('stays untouched while another process serves its model', async () => {
    timbre.clock.now += intervalMs;
    await keeper.look();
    expect(await stored()).toMatchObject([
      { status: 'active', expiry_reason: 'days-after-last-interaction' },
    ]);
  });

  it('is destroyed when its days are over, not before, and says why', async () => {
    timbre.clock.now += 4 * intervalMs;
    await keeper.look();
    const dueMs = timbre.clock.now + 30 * dayMs;
    timbre.clock.now += dayMs;
    await keeper.look(); // looking again does not put it off
    await timbre.interactions.touch(timbre.tenantId, customerId, timbre.clock.now); // nor does dealing with the customer
    timbre.clock.now = dueMs - 1;
    expect(await sweeper.sweepNow()).toMatchObject({ voiceprints: 0 });
    timbre.clock.now = dueMs;
    expect(await sweeper.sweepNow()).toMatchObject({ voiceprints: 1 });
    expect(await stored()).toMatchObject([
      { status: 'expired', ended_reason: 'model-retired', sealed: false },
    ]);
    expect(await context()).toMatchObject({ kind: 'expired', reason: 'voiceprint-of-other-model' });
  });

  it('comes back whole when the model does', async () => {
    timbre.clock.now += 4 * intervalMs;
    await keeper.look();
    expect(await stored()).toMatchObject([{ expiry_reason: 'model-retired' }]);
    serve(next, testModel);
    await keeper.look();
    expect(await ready()).toMatchObject({ modelId: testModel.id, validUntilMs: startMs + 730 * dayMs });
  });
});

describe('GET /v1/models', () => {
  const asked = async (): Promise<ModelsView> => {
    const privacy = await timbre.as('privacy');
    return (await privacy.get('/v1/models').expect(200)).body as ModelsView;
  };

  it('shows how far the migration has come', async () => {
    const first = customerId;
    await enrolled();
    await enrolled();
    serve(next, testModel);
    const before = (await asked()).migration.migrated;
    expect(await asked()).toMatchObject({
      models: [
        { modelId: 'next-model', role: 'current', activeVoiceprints: 0 },
        { modelId: testModel.id, sha256: testModel.sha256, role: 'previous', activeVoiceprints: 3 },
      ],
      migration: { to: 'next-model', remaining: 3, underWay: 0 },
    });
    customerId = first;
    timbre.clock.now += 100 * dayMs; // out of the days of the tests before
    await (await acceptedCall()).end();
    const { body } = await (await timbre.as('privacy')).get('/v1/customers?limit=100');
    const others = (body as { customers: { customerId: CustomerId }[] }).customers.map((c) => c.customerId);
    for (const id of others) {
      customerId = id;
      if ((await context()).kind !== 'ready' || (await ready()).migration === undefined) continue;
      await (await acceptedCall()).end(aStretch(9000));
      break;
    }
    expect((await asked()).migration).toEqual({
      to: 'next-model',
      migrated: before + 1,
      underWay: 1,
      remaining: 2,
      perDay: [{ day: '2026-06-09', migrated: 1 }],
      daysLeftAtThisRate: 14,
    });
    await keeper.look();
    const metrics = await timbre.server.parts.registry.metrics();
    expect(metrics).toContain('timbre_voiceprints_active{model_id="next-model",role="current"} 1');
    expect(metrics).toContain(`timbre_voiceprints_active{model_id="${testModel.id}",role="previous"} 2`);
  });

  it('shows a retired model, and from when its voiceprints are destroyed', async () => {
    await keeper.look();
    serve(next);
    timbre.clock.now += 4 * intervalMs;
    await keeper.look();
    expect((await asked()).models).toMatchObject([
      { modelId: 'next-model', role: 'current', activeVoiceprints: 0, destroyedFrom: null },
      {
        modelId: testModel.id,
        role: 'retired',
        activeVoiceprints: 1,
        destroyedFrom: new Date(timbre.clock.now + 30 * dayMs).toISOString(),
      },
    ]);
  });

  it('is for administrators and privacy officers', async () => {
    for (const role of ['agent', 'telephony', 'fraud', 'customer-service'] as const)
      await (await timbre.as(role)).get('/v1/models').expect(403);
    await (await timbre.as('admin')).get('/v1/models').expect(200);
  });

  it('tells a tenant nothing of another’s customers', async () => {
    const elsewhere = await timbre.server.makeTenant();
    const token = await timbre.server.makeToken(elsewhere, 'admin');
    const response = await fetch(`${timbre.server.url}/v1/models`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(((await response.json()) as ModelsView).models).toMatchObject([{ activeVoiceprints: 0 }]);
  });
});
