import type { DecisionThresholds, VerificationState } from './verification.js';

export type Decision = Extract<VerificationState, 'accepted' | 'rejected' | 'inconclusive'>;

/** A decision, once given, changes only when this many results in a row say so: one odd segment flips nothing. */
const agreeingToChange = 2;

/** So much further the evidence must go to leave an acceptance or a rejection than to come to it: one near the bound does not flicker. */
const leavingNats = 0.5;

/** The decision on one voice, settled over its results. */
export class SettledDecision {
  private challenger: { decision: Decision; times: number } | null = null;

  constructor(private settled: Decision | null = null) {}

  get now(): Decision | null {
    return this.settled;
  }

  weigh(llr: number, { acceptLlr, rejectLlr }: DecisionThresholds): void {
    const accepts = this.settled === 'accepted' ? acceptLlr - leavingNats : acceptLlr;
    const rejects = this.settled === 'rejected' ? rejectLlr + leavingNats : rejectLlr;
    const says: Decision = llr > accepts ? 'accepted' : llr < rejects ? 'rejected' : 'inconclusive';
    if (this.settled === null || says === this.settled) {
      this.settled = says;
      this.challenger = null;
      return;
    }
    const times = this.challenger?.decision === says ? this.challenger.times + 1 : 1;
    this.challenger = { decision: says, times };
    if (times >= agreeingToChange) {
      this.settled = says;
      this.challenger = null;
    }
  }
}
