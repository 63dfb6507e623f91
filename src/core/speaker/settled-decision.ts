import type { DecisionThresholds, VerificationState } from './verification.js';

export type Decision = Extract<VerificationState, 'accepted' | 'rejected' | 'inconclusive'>;

/** A decision, once given, changes only when this many results in a row say so: one odd segment flips nothing. */
const agreeingToChange = 2;

/** The decision on one voice, settled over its results. */
export class SettledDecision {
  private challenger: { decision: Decision; times: number } | null = null;

  constructor(private settled: Decision | null = null) {}

  get now(): Decision | null {
    return this.settled;
  }

  weigh(llr: number, { acceptLlr, rejectLlr }: DecisionThresholds): void {
    const says: Decision = llr > acceptLlr ? 'accepted' : llr < rejectLlr ? 'rejected' : 'inconclusive';
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
