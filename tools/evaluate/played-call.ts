import type { ClaimContext } from '../../src/core/calls/claim-context.js';
import type { CallId, ConsentId, CustomerId, VoiceprintId } from '../../src/core/ids.js';
import type { DeskCall } from '../../src/core/evaluation/desk.js';
import type { Policy } from '../../src/core/policy/policy.js';
import { assessRisk } from '../../src/core/risk/assess-risk.js';
import { severities } from '../../src/core/risk/risk-reason.js';
import type { ScoringModel } from '../../src/core/speaker/scoring.js';
import type { VerificationResult } from '../../src/core/speaker/verification.js';
import { Verifier } from '../../src/core/speaker/verifier.js';
import { withNew, type Voice } from './compare.js';
import type { Heard } from './heard.js';

/** Net speech at which something sensitive is asked for. */
export const deskSeconds = [3, 5, 8, 10] as const;
export type Moment = (typeof deskSeconds)[number] | 'end';

type Flag = NonNullable<DeskCall['flag']>;

const ids = {
  callId: 'a call' as CallId,
  customerId: 'a customer' as CustomerId,
  consentId: 'a consent' as ConsentId,
  voiceprintId: 'a voiceprint' as VoiceprintId,
};

/**
 * A trial as a call: the customer is claimed before the caller speaks, the product's own verifier hears it, and at each moment a
 * payout is asked for. The flag at a moment is what the voice alone had raised by then, grown by the payout. Moments that the call
 * does not reach are absent.
 */
export function playedCall(
  { segments }: Heard,
  voiceprint: Voice,
  model: ScoringModel,
  policy: Policy,
): Map<Moment, Flag | null> {
  const verifier = new Verifier(model, policy);
  const { consentId, customerId, voiceprintId } = ids;
  const context: ClaimContext = {
    kind: 'ready',
    customerId,
    consentId,
    validUntilMs: Number.POSITIVE_INFINITY,
    voiceprintId,
    modelId: model.id,
    voiceprint: voiceprint.direction.slice(),
    netSpeechMs: voiceprint.netSpeechMs,
  };
  verifier.claim(context);
  const flags = new Map<Moment, Flag | null>();
  let standing: Flag | null = null;
  const heard = withNew(segments);
  heard.forEach((segment, i) => {
    verifier.segment({ ...segment, embedding: segment.embedding.slice() }, segment.quality);
    const result = verifier.result();
    standing = graver(standing, flagOf(result, false, policy));
    const reached = deskSeconds.filter(
      (seconds) => !flags.has(seconds) && segment.totalNetSpeechMs >= seconds * 1000,
    );
    for (const moment of reached) flags.set(moment, graver(standing, flagOf(result, true, policy)));
    if (i === heard.length - 1) flags.set('end', graver(standing, flagOf(result, true, policy)));
  });
  return flags;
}

function flagOf(verification: VerificationResult, asksForPayout: boolean, policy: Policy): Flag | null {
  const { callId, customerId } = ids;
  const payout = { accountEventId: 'a payout', kind: 'payout' as const, at: '2026-01-01T00:00:00.000Z' };
  const accountEvents = asksForPayout ? [payout] : [];
  const call = { callId, customerId, verification, accountEvents, failedKnowledgeChecks: 0, signals: {} };
  const { raisesFlag, severity, reasons } = assessRisk(call, policy);
  return raisesFlag ? { severity, reasons: reasons.map(({ code }) => code) } : null;
}

function graver(standing: Flag | null, fresh: Flag | null): Flag | null {
  if (!standing || !fresh) return standing ?? fresh;
  const severity =
    severities.indexOf(fresh.severity) > severities.indexOf(standing.severity)
      ? fresh.severity
      : standing.severity;
  return { severity, reasons: [...new Set([...standing.reasons, ...fresh.reasons])] };
}
