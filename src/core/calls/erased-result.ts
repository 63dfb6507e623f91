import { agentViewOf } from './agent-view.js';
import type { CallResult } from './result.js';

/** What may be left of a call's result once the customer it was claimed for is erased: that there was audio, and where it went. */
export function erasedResult({ callId, at, verification, channels, audio }: CallResult): CallResult {
  const nothingKnown = {
    resultId: verification.resultId + 1,
    state: 'not-claimed',
    reason: 'no-customer-claimed',
    llr: null,
    posterior: null,
    thresholds: null,
    netSpeechMs: 0,
    minNetSpeechMs: verification.minNetSpeechMs,
    span: null,
    quality: [],
    callerChange: null,
    consentId: null,
  } as const;
  return {
    callId,
    externalId: null,
    at,
    claimedCustomerId: null,
    verification: nothingKnown,
    agent: agentViewOf(nothingKnown, null),
    ...(channels && { channels }),
    audio,
    firstDecision: null,
  };
}
