import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallResult } from '../../src/core/calls/result.js';
import { startApp, type TestApp } from '../support/app.js';
import { Bank, completed, speech, when } from './bank.js';

// Real speech, the shipped model, a real PostgreSQL and real sockets.
let app: TestApp;
let bank: Bank;
let customerId: string;

beforeAll(async () => {
  app = await startApp();
  bank = await Bank.open(app);
  ({ customerId } = await bank.enrolled('ALLISON', 'allison'));
}, 120_000);
afterAll(async () => {
  await app.close();
});

interface FlagOfCall {
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}

const flagOf = async (callId: string, reason: string): Promise<FlagOfCall> => {
  for (;;) {
    const { body } = await bank.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
    const [flag] = (body as { flags: FlagOfCall[] }).flags;
    if (flag?.reasons.some(({ code }) => code === reason) === true) return flag;
  }
};

describe('somebody who was rejected and has a helper with a token', () => {
  it('gets their voice held, not enrolled, flags the call by it, and is accepted in no call', async () => {
    const told: CallResult[] = [];
    const upload = when(
      ({ verification }) => verification.state === 'rejected',
      () => bank.upload(customerId, 'samples/speech/carlo/enrol-1.wav'),
    );
    const first = completed(
      await bank.call(speech('carlo', 'call-1', 'call-2'), { customer: 'ALLISON' }, (result) => {
        told.push(result);
        upload.onResult(result);
      }),
    );
    const { status, body } = await upload.done;
    expect([status, body]).toEqual([
      202,
      expect.objectContaining({ kind: 'held', because: 'unlike-voiceprint' }),
    ]);
    expect(told.map(({ verification }) => verification.state)).not.toContain('accepted');
    const { reasons } = await flagOf(first.callId, 'replacement-held');
    const { heldId } = body as { heldId: string };
    expect(reasons.find(({ code }) => code === 'replacement-held')?.text).toContain(heldId);

    // Revoking the customer's voiceprint and enrolling anew gets nobody in either: the flag is open still.
    await bank.as('customer-service').delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    const anew = await bank.upload(customerId, 'samples/speech/carlo/enrol-1.wav');
    expect(anew.body).toMatchObject({
      kind: 'held',
      because: expect.stringMatching(/^(flag-open|call-under-way)$/),
    });
    const next = completed(await bank.call(speech('carlo', 'call-2'), { customer: 'ALLISON' }));
    expect(next.result).toMatchObject({
      verification: { state: 'not-enrolled', reason: 'voiceprint-missing', llr: null },
      audio: { analysedMs: 0 },
    });
  });
});
