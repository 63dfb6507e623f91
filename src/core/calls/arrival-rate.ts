/** What a sampling rate or a mix that is not the stated one comes to: a rate of 16 kHz said to be 8, two channels said to be one. */
export type ArrivalNote =
  'arrives-at-half-its-rate' | 'arrives-at-1.5-times-its-rate' | 'arrives-at-twice-its-rate';

const wrongRates: readonly (readonly [ratio: number, note: ArrivalNote])[] = [
  [0.5, 'arrives-at-half-its-rate'],
  [1.5, 'arrives-at-1.5-times-its-rate'],
  [2, 'arrives-at-twice-its-rate'],
];

export function isWrongRate(note: string): note is ArrivalNote {
  return wrongRates.some(([, wrong]) => wrong === note);
}

/** The ratio is taken of slices of this much of the clock's time, */
const sliceMs = 1000;
/** and may be this far off in each: sound cards and networks are a thousandth off, a busy machine's timers some hundredths. */
const tolerance = 0.1;
/** After so many slices alike in a row nothing more is decided, */
const doubtful = 2;
/** and after so many it is certain. What catches up after a stall does so at once, or at no such even pace. */
const certain = 5;

export type ArrivalState =
  | { readonly kind: 'plain' }
  | { readonly kind: 'doubtful' }
  /** `ms`: audio that arrived so. */
  | { readonly kind: 'wrong'; readonly note: ArrivalNote; readonly ms: number };

const plain: ArrivalState = { kind: 'plain' };

/** Compares how long a stream's audio lasts with how long it took to arrive. Faster than all of these is a replay, and sound. */
export class ArrivalRate {
  private sliceBeganAtMs: number | null = null;
  private sliceAudioMs = 0;
  private run: { readonly note: ArrivalNote; readonly slices: number; readonly ms: number } | null = null;

  /** Audio that lasts so long has arrived. */
  audio(arrivedAtMs: number, ms: number): ArrivalState {
    const beganAtMs = this.sliceBeganAtMs;
    if (beganAtMs === null) this.sliceBeganAtMs = arrivedAtMs;
    else if (arrivedAtMs - beganAtMs >= sliceMs) {
      this.endSlice(this.sliceAudioMs / (arrivedAtMs - beganAtMs));
      this.sliceBeganAtMs = arrivedAtMs;
      this.sliceAudioMs = 0;
    }
    this.sliceAudioMs += ms;
    return this.state();
  }

  /** Another stream, or the same one after a break. */
  reset(): void {
    this.sliceBeganAtMs = null;
    this.sliceAudioMs = 0;
    this.run = null;
  }

  private endSlice(ratio: number): void {
    const note = wrongRates.find(([wrong]) => Math.abs(ratio / wrong - 1) <= tolerance)?.[1];
    if (note === undefined) this.run = null;
    else {
      const before = this.run?.note === note ? this.run : { slices: 0, ms: 0 };
      this.run = { note, slices: before.slices + 1, ms: before.ms + this.sliceAudioMs };
    }
  }

  private state(): ArrivalState {
    if (this.run === null || this.run.slices < doubtful) return plain;
    if (this.run.slices < certain) return { kind: 'doubtful' };
    return { kind: 'wrong', note: this.run.note, ms: this.run.ms };
  }
}
