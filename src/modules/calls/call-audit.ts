import type { ClaimContext } from '../../core/calls/claim-context.js';
import type { CallResult } from '../../core/calls/result.js';
import type { CallId, CustomerId } from '../../core/ids.js';
import type { AuditEvent } from '../audit/audit-log.js';

/** A voiceprint was opened, for this call to be compared with. */
export function voiceprintUsed(callId: CallId, used: Extract<ClaimContext, { kind: 'ready' }>): AuditEvent {
  const { customerId, voiceprintId, modelId, consentId } = used;
  return {
    ...{ action: 'voiceprint-used', by: null, subject: { kind: 'customer', id: customerId }, callId },
    details: { purpose: 'verification', voiceprintId, modelId, consentId },
  };
}

/** What a call came to in the end, with the reason and the rules that it was decided by. */
export function verificationDecided(result: CallResult, customerId: CustomerId): AuditEvent {
  const { state, reason, netSpeechMs, thresholds, consentId } = result.verification;
  return {
    ...{ action: 'verification-decided', by: null, subject: { kind: 'customer', id: customerId } },
    callId: result.callId,
    details: {
      ...{ state, reason, consentId, netSpeechMs: Math.round(netSpeechMs) },
      policyVersion: thresholds?.policyVersion ?? null,
      operatingPoint: thresholds?.operatingPoint ?? null,
      modelId: thresholds?.modelId ?? null,
    },
  };
}
