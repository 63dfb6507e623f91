import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallResult } from '../../src/core/calls/result.js';
import { startApp, type TestApp } from '../support/app.js';
import { Bank, completed, speech, when } from './bank.js';

let app: TestApp;
let bank: Bank;

beforeAll(async () => {
  app = await startApp();
  bank = await Bank.open(app);
  await bank.enrolled('ALLISON', 'allison');
}, 120_000);
afterAll(async () => {
  await app.close();
});

describe('a call for a customer whom nobody knows', () => {
  it('tells the platform and the agent so, counts it, and goes on once somebody names the right one', async () => {
    const told: CallResult[] = [];
    const naming = when(
      ({ verification }) => verification.reason === 'claim-not-found',
      ({ callId }) => bank.as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: 'ALLISON' }),
    );
    const { result, callId } = completed(
      await bank.call(speech('allison', 'call-1'), { customer: 'ALISON' }, (one) => {
        told.push(one);
        naming.onResult(one);
      }),
    );
    expect((await naming.done).status).toBe(200);
    const missed = told.find(({ verification }) => verification.reason === 'claim-not-found');
    expect(missed).toMatchObject({
      claimedCustomerId: null,
      verification: { state: 'not-claimed' },
      agent: {
        reason: 'The platform named a customer who is not known here.',
        nextStep: 'Ask who is calling and name the customer here.',
      },
    });
    expect(result.verification.state).toBe('accepted');
    const { body } = await bank.as('agent').get(`/v1/calls/${callId}/events`).expect(200);
    expect((body as { events: object[] }).events).toContainEqual(
      expect.objectContaining({
        kind: 'claimed',
        payload: { customerId: null, problem: 'claim-not-found' },
      }),
    );
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('timbre_claims_not_found_total{protocol="plain"} 1');
  });
});
