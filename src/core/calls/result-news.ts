import type { CallResult } from './result.js';

/** A result is told when its state, reason or evidence changed, or the speech grew by this much. */
const progressStepMs = 500;

export function isNews(before: CallResult, after: CallResult): boolean {
  const [was, is] = [before.verification, after.verification];
  return (
    was.state !== is.state ||
    was.reason !== is.reason ||
    was.llr !== is.llr ||
    was.consentId !== is.consentId ||
    was.callerChange?.atMs !== is.callerChange?.atMs ||
    was.quality.join() !== is.quality.join() ||
    was.thresholds?.policyVersion !== is.thresholds?.policyVersion ||
    before.claimedCustomerId !== after.claimedCustomerId ||
    before.agent.state !== after.agent.state ||
    before.agent.reason !== after.agent.reason ||
    Math.abs(is.netSpeechMs - was.netSpeechMs) >= progressStepMs
  );
}
