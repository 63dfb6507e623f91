import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, WatchlistId } from '../../../core/ids.js';
import type { Fact } from '../../installation/facts/fact.js';

/** A voiceprint was opened, for this call to be compared with. */
export function voiceprintUsed(callId: CallId, used: Extract<ClaimContext, { kind: 'ready' }>): Fact {
  const { customerId, voiceprintId, modelId, consentId } = used;
  return {
    action: 'voiceprint-used',
    by: null,
    subject: { kind: 'customer', id: customerId },
    callId,
    details: { purpose: 'verification', voiceprintId, modelId, consentId },
  };
}

/** The voice of a call is held against watchlists, for the first time or against others than before. */
export function watchlistScreened(
  callId: CallId,
  customerId: CustomerId,
  lists: readonly WatchlistId[],
): Fact {
  return {
    action: 'watchlist-screened',
    by: null,
    subject: { kind: 'customer', id: customerId },
    callId,
    details: { purpose: 'fraud-watchlist', lists },
  };
}

/** Consent was withdrawn in the call: nothing is processed any more, and what was derived of the voice in it is destroyed. */
export function voiceForgotten(callId: CallId, customerId: CustomerId): Fact {
  return {
    action: 'voice-forgotten',
    by: null,
    subject: { kind: 'customer', id: customerId },
    callId,
    details: { reason: 'consent-withdrawn' },
  };
}

/** What a call came to in the end, with the reason and the rules that it was decided by. */
export function verificationDecided(result: CallResult, customerId: CustomerId): Fact {
  const { state, reason, netSpeechMs, thresholds, consentId } = result.verification;
  return {
    action: 'verification-decided',
    by: null,
    subject: { kind: 'customer', id: customerId },
    callId: result.callId,
    details: {
      state,
      reason,
      consentId,
      netSpeechMs: Math.round(netSpeechMs),
      policyVersion: thresholds?.policyVersion ?? null,
      operatingPoint: thresholds?.operatingPoint ?? null,
      modelId: thresholds?.modelId ?? null,
    },
  };
}
