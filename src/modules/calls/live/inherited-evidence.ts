import type { CarriedEvidence } from '../../../core/speaker/carried-evidence.js';
import type { Verifier } from '../../../core/speaker/verifier.js';

/** What another process knew of the voice: it waits here, unused, until consent has been checked. */
export class InheritedEvidence {
  private waiting: CarriedEvidence | null = null;

  hold(evidence: CarriedEvidence | null): void {
    this.waiting = evidence;
  }

  /** The check is done: the verifier goes on with it, or it is overwritten. Returns the net speech it stands for, if it is used. */
  handTo(verifier: Verifier): number | null {
    const { waiting } = this;
    if (!waiting || !verifier.takeUp(waiting)) {
      this.forget();
      return null;
    }
    this.waiting = null;
    return waiting.totalNetSpeechMs;
  }

  forget(): void {
    for (const { embedding } of this.waiting?.segments ?? []) embedding.fill(0);
    this.waiting = null;
  }
}
