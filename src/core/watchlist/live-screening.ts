import type { WatchlistId } from '../ids.js';
import type { EnrolmentSegment, EnrolmentStretch } from '../speaker/enrolment.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { ScreeningEvidence } from './screening-evidence.js';
import type { ScreeningAdmission } from './screening-gate.js';

/** A caller's voice as it is held against lists now. */
export interface ScreenedSoFar {
  readonly lists: readonly WatchlistId[];
  readonly direction: Float32Array;
  readonly netSpeechMs: number;
  readonly span: { readonly startMs: number; readonly endMs: number };
  /** Tells this caller and these lists from those before and after. */
  readonly turn: number;
}

/** One call's screening: the lists it is admitted to, and the voice that is held against them. Nothing is gathered for no list. */
export class LiveScreening {
  private admission: ScreeningAdmission<WatchlistId> | null = null;
  private readonly evidence = new ScreeningEvidence();
  private turn = 0;

  admit(admission: ScreeningAdmission<WatchlistId> | null): void {
    if (admission?.lists.join() !== this.admission?.lists.join()) this.turn += 1;
    this.admission = admission;
    if (!this.isWanted) this.forget();
  }

  get isWanted(): boolean {
    return this.admission !== null && this.admission.lists.length > 0;
  }

  /** A voice may be analysed for this alone. */
  get mayAnalyse(): boolean {
    return this.admission?.mayAnalyse === true;
  }

  get untilMs(): number {
    return this.admission?.untilMs ?? Number.POSITIVE_INFINITY;
  }

  /** True when there is something new to hold against the lists. */
  add(
    segment: EnrolmentSegment & { readonly startMs: number; readonly endMs: number },
    quality: SignalQuality,
  ): boolean {
    if (!this.isWanted) return false;
    this.evidence.add(segment, quality);
    return true;
  }

  soFar(): ScreenedSoFar | null {
    const direction = this.evidence.direction();
    if (direction === null || this.admission === null) return null;
    const { netSpeechMs, span } = this.evidence;
    return { lists: this.admission.lists, direction, netSpeechMs, span, turn: this.turn };
  }

  isStill({ turn }: ScreenedSoFar): boolean {
    return this.isWanted && turn === this.turn;
  }

  /** Speech for an entry of this list; null when there is none yet, undefined when the call is not held against it. */
  stretchFor(listId: WatchlistId): EnrolmentStretch | null | undefined {
    return this.admission?.lists.includes(listId) ? this.evidence.stretch() : undefined;
  }

  /** Another caller, or none whose voice may be used: what was derived is overwritten. */
  forget(): void {
    this.turn += 1;
    this.evidence.clear();
  }
}
