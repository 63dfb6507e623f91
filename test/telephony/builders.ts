import type { CallResult } from '../../src/core/calls/result.js';
import type { CallId } from '../../src/core/ids.js';

export const aCallId = '0b5b0c3e-3f1e-4a43-9d39-2b1f0d1c7f10' as CallId;

/** A result of a call that nothing is known of yet. */
export function aResult(fields: Partial<CallResult> = {}): CallResult {
  return {
    callId: aCallId,
    externalId: null,
    at: '2026-01-01T00:00:00.000Z',
    claimedCustomerId: null,
    verification: {
      resultId: 1,
      state: 'not-claimed',
      reason: 'no-customer-claimed',
      llr: null,
      posterior: null,
      thresholds: null,
      netSpeechMs: 0,
      minNetSpeechMs: 3000,
      span: null,
      quality: [],
      consentId: null,
    },
    agent: {
      state: 'not-sure-yet',
      title: 'Not sure yet',
      reason: 'No customer has been named',
      nextStep: 'Ask for the account',
      progress: null,
    },
    audio: { receivedMs: 0, analysedMs: 0, droppedMs: 0, lostMs: 0, withheldMs: 0 },
    firstDecision: null,
    ...fields,
  };
}
