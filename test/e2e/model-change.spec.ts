import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/platform/config/config.js';
import type { ModelsView } from '../../src/modules/people/model-change/models.service.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { ModelShelf } from '../support/models.js';
import { startPostgres } from '../support/postgres.js';
import { modelDir } from '../engine/support.js';
import { Bank, completed, speech } from './bank.js';

// The shipped model is the previous one; its copy under a second id is the next one. Real speech, real PostgreSQL, real sockets.
const shippedId = 'timbre-sv-8k-v1';
const shelf = new ModelShelf();
const nextDir = shelf.copy('next');
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let app: TestApp | undefined;
let bank: Bank;
const masterKey = randomBytes(32);

async function restart(models: Pick<Config, 'modelDir' | 'previousModelDirs'>): Promise<void> {
  await app?.close();
  app = await startAppOn(postgres, { masterKey, ...models });
  bank = (bank as Bank | undefined)?.at(app) ?? (await Bank.open(app));
}

const voiceprintOf = async (customerId: string) => {
  const { body } = await bank.as('privacy').get(`/v1/customers/${customerId}/voiceprint`).expect(200);
  const { voiceprint } = body as {
    voiceprint: { voiceprintId: string; modelId: string; status: string; migratedFrom: string | null };
  };
  return voiceprint;
};
const models = async () => (await bank.as('privacy').get('/v1/models').expect(200)).body as ModelsView;
/** Faster than elsewhere: nobody waits for a claim here, and the engine has time enough for both models. */
const call = async (customer: string, ...files: string[]) =>
  completed(await bank.call(files, { customer, speed: 20 }));

const customers: Record<string, { customerId: string; consentId: string }> = {};
const ofCustomer = (accountRef: string) => {
  const found = customers[accountRef];
  if (!found) throw new Error(accountRef);
  return found;
};

beforeAll(async () => {
  postgres = await startPostgres();
  await restart({ modelDir, previousModelDirs: [] });
  for (const speaker of ['allison', 'june', 'menardi']) {
    const accountRef = speaker.toUpperCase();
    customers[accountRef] = await bank.enrolled(accountRef, speaker);
  }
  await restart({ modelDir: nextDir, previousModelDirs: [modelDir] });
}, 120_000);
afterAll(async () => {
  await app?.close();
  await postgres.stop();
  shelf.remove();
});

describe('while both models are served', () => {
  it('a call is accepted under the old one, and leaves a voiceprint of the new one under the same consent', async () => {
    const { customerId, consentId } = ofCustomer('ALLISON');
    const old = await voiceprintOf(customerId);
    expect(old).toMatchObject({ modelId: shippedId, status: 'active' });
    const { result, callId } = await call('ALLISON', ...speech('allison', 'call-1'));
    expect(result.verification).toMatchObject({
      state: 'accepted',
      thresholds: { modelId: shippedId },
      consentId,
    });
    expect(await voiceprintOf(customerId)).toMatchObject({
      modelId: 'next',
      status: 'active',
      consentId,
      source: 'call',
      migratedFrom: old.voiceprintId,
    });
    const { body } = await bank.as('agent').get(`/v1/calls/${callId}/events`).expect(200);
    const { events } = body as { events: { kind: string; payload: object }[] };
    expect(events.filter(({ kind }) => kind === 'migration')).toMatchObject([
      { payload: { kind: 'enrolled', from: old.voiceprintId } },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/embedding|vector/);
  });

  it('the next call is verified under the new one', async () => {
    const { result } = await call('ALLISON', ...speech('allison', 'call-2'));
    expect(result.verification).toMatchObject({ state: 'accepted', thresholds: { modelId: 'next' } });
    const { result: wrong } = await call('ALLISON', ...speech('carlo', 'call-1'));
    expect(wrong.verification).toMatchObject({ state: 'rejected', thresholds: { modelId: 'next' } });
  });

  it('short calls add up', async () => {
    const { customerId } = ofCustomer('JUNE');
    const { result } = await call('JUNE', ...speech('june', 'call-2'));
    expect(result.verification.state).toBe('accepted');
    expect(await voiceprintOf(customerId)).toMatchObject({ modelId: shippedId, status: 'active' });
    expect((await models()).migration).toMatchObject({ migrated: 1, underWay: 1, remaining: 2 });
    await call('JUNE', ...speech('june', 'call-1'));
    expect(await voiceprintOf(customerId)).toMatchObject({ modelId: 'next', status: 'active' });
  });

  it('a caller who is not accepted leaves nothing', async () => {
    const { customerId } = ofCustomer('MENARDI');
    const { result } = await call('MENARDI', ...speech('carlo', 'call-1'));
    expect(result.verification).toMatchObject({ thresholds: { modelId: shippedId } });
    expect(['rejected', 'inconclusive']).toContain(result.verification.state);
    expect(await voiceprintOf(customerId)).toMatchObject({ modelId: shippedId, status: 'active' });
    expect(await models()).toMatchObject({
      models: [
        { modelId: 'next', role: 'current', activeVoiceprints: 2 },
        { modelId: shippedId, role: 'previous', activeVoiceprints: 1 },
      ],
      migration: { migrated: 2, underWay: 0, remaining: 1 },
    });
    const metrics = await (await fetch(`${app?.url ?? ''}/metrics`)).text();
    expect(metrics).toContain('timbre_model_migrations_total{outcome="enrolled",model_id="next"} 2');
  });
});

it('with the old model gone, who did not call meanwhile is expired, and who did is verified', async () => {
  await restart({ modelDir: nextDir, previousModelDirs: [] });
  const { result } = await call('MENARDI', ...speech('menardi', 'call-1'));
  expect(result.verification).toMatchObject({
    state: 'expired',
    reason: 'voiceprint-of-other-model',
    llr: null,
  });
  expect(result.agent.state).toBe('voiceprint-expired');
  expect(await voiceprintOf(ofCustomer('MENARDI').customerId)).toMatchObject({ status: 'expired' });
  const { result: verified } = await call('JUNE', ...speech('june', 'call-2'));
  expect(verified.verification).toMatchObject({ state: 'accepted', thresholds: { modelId: 'next' } });
}, 60_000);
