import { randomUUID } from 'node:crypto';
import { agentViewOf, type AgentFlag, type AgentState } from '../../../src/core/calls/agent-view.js';
import type { CallResult } from '../../../src/core/calls/result.js';
import type { CallId, ConsentId, CustomerId } from '../../../src/core/ids.js';
import type { VerificationResult } from '../../../src/core/speaker/verification.js';

export interface ResultParts {
  readonly callId?: CallId;
  readonly externalId?: string;
  readonly customerId?: CustomerId | null;
  readonly verification?: Partial<VerificationResult>;
  readonly flag?: AgentFlag;
}

export const aCallId = (): CallId => randomUUID() as string as CallId;
export const aCustomerId = (): CustomerId => randomUUID() as string as CustomerId;
export const aConsentId = (): ConsentId => randomUUID() as string as ConsentId;

export function aResult(parts: ResultParts = {}): CallResult {
  const verification: VerificationResult = {
    resultId: 1,
    state: 'collecting',
    reason: 'not-enough-speech',
    llr: null,
    posterior: null,
    thresholds: null,
    netSpeechMs: 3200,
    minNetSpeechMs: 5000,
    span: null,
    quality: [],
    consentId: aConsentId(),
    ...parts.verification,
  };
  return {
    callId: parts.callId ?? aCallId(),
    externalId: parts.externalId ?? null,
    at: new Date().toISOString(),
    claimedCustomerId: parts.customerId === undefined ? aCustomerId() : parts.customerId,
    verification,
    agent: agentViewOf(verification, parts.flag ?? null),
    audio: { receivedMs: 0, analysedMs: 0, droppedMs: 0, lostMs: 0, withheldMs: 0 },
    firstDecision: null,
  };
}

/** One example of each of the seven things an agent can see. */
export const sevenStates: Record<AgentState, ResultParts> = {
  verified: {
    verification: { state: 'accepted', reason: 'evidence-above-accept-threshold', netSpeechMs: 6200 },
  },
  'not-verified': {
    verification: { state: 'rejected', reason: 'evidence-below-reject-threshold', netSpeechMs: 7100 },
  },
  'not-sure-yet': { verification: { state: 'collecting', reason: 'not-enough-speech', netSpeechMs: 3200 } },
  'not-enrolled': {
    verification: { state: 'not-enrolled', reason: 'voiceprint-missing', consentId: null, netSpeechMs: 0 },
  },
  'no-voice-check': {
    verification: { state: 'no-consent', reason: 'consent-missing', consentId: null, netSpeechMs: 0 },
  },
  'voiceprint-expired': {
    verification: { state: 'expired', reason: 'voiceprint-past-retention', consentId: null },
  },
  'high-risk': {
    verification: { state: 'rejected', reason: 'evidence-below-reject-threshold', netSpeechMs: 7100 },
    flag: { severity: 'high', reasons: ['voice-mismatch', 'sensitive-action'] },
  },
};
