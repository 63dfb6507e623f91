import { agentViewOf } from './agent-view.js';
import type { CallResult } from './result.js';

/** A stored result after consent was withdrawn in its call: nothing that was derived of the voice is left in it. */
export function withoutVoice(result: CallResult): CallResult {
  const verification: CallResult['verification'] = {
    resultId: result.verification.resultId + 1,
    state: 'opted-out',
    reason: 'consent-withdrawn',
    llr: null,
    posterior: null,
    thresholds: null,
    netSpeechMs: 0,
    span: null,
    quality: [],
    minNetSpeechMs: result.verification.minNetSpeechMs,
    callerChange: null,
    consentId: null,
  };
  return { ...result, verification, agent: agentViewOf(verification, null), firstDecision: null };
}
