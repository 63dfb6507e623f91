import { Decimator } from './decimator.js';
import { Interpolator } from './interpolator.js';

/** The rate of all that is analysed. */
const toHz = 8000;
/** 70 dB down from here on, so that nothing folds back at all. */
const stopHz = 4000;
/** A high rate is brought down in two steps, the first of which (a short filter) leaves this much or more. */
const betweenRatesHz = 16_000;

/** How a rate comes to 8 kHz: by a whole factor first, then by `up / down`. */
interface Steps {
  readonly first: number;
  readonly betweenHz: number;
  readonly up: number;
  readonly down: number;
}

function stepsFrom(sampleRateHz: number): Steps {
  const factors = Array.from({ length: Math.floor(sampleRateHz / betweenRatesHz) }, (_, i) => i + 1);
  const first = factors.findLast((factor) => sampleRateHz % factor === 0) ?? 1;
  const betweenHz = sampleRateHz / first;
  const common = greatestCommonDivisor(toHz, betweenHz);
  return { first, betweenHz, up: toHz / common, down: betweenHz / common };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A stream of any whole rate from 8 kHz up to 8 kHz, delayed by about 4 ms. Cutting the input elsewhere changes no sample. */
export class Resampler {
  private readonly stages: readonly (Decimator | Interpolator)[];

  constructor(sampleRateHz: number) {
    const { first, betweenHz, up, down } = stepsFrom(sampleRateHz);
    const stages: (Decimator | Interpolator)[] = [];
    // What the first step folds back must not come to lie under 4 kHz; what it folds to above, the second one takes away.
    if (first > 1) stages.push(new Decimator(sampleRateHz, first, betweenHz - stopHz));
    if (up > 1) stages.push(new Interpolator(betweenHz, up, down, stopHz));
    else if (down > 1) stages.push(new Decimator(betweenHz, down, stopHz));
    this.stages = stages;
  }

  /** The result is good until the next call. */
  process(input: Float32Array): Float32Array {
    let samples = input;
    for (const stage of this.stages) samples = stage.process(samples);
    return samples;
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    for (const stage of this.stages) stage.reset();
  }
}

/** The plainest way down: means of neighbouring samples, as many and at the same times as `Resampler` gives. What folds back is bearable where only likeness is looked for. */
export class Averager {
  private readonly steps: Steps;
  private sum = 0;
  private summed = 0;
  /** Samples to pass over before the first step's next one. */
  private skip = 0;
  /** Parts of `up` of a sample from the first step's next one to the next output. */
  private ahead = 0;

  constructor(sampleRateHz: number) {
    this.steps = stepsFrom(sampleRateHz);
  }

  /** As many samples as `into` has room for, which is what a `Resampler` gave for the same input. */
  process(input: Float32Array, into: Float32Array): Float32Array {
    const { first, up, down } = this.steps;
    let filled = 0;
    for (let i = 0; i < input.length; i++) {
      this.sum += input[i] ?? 0;
      this.summed += 1;
      if (this.skip === 0) {
        if (this.ahead < up) {
          into[filled] = this.sum / this.summed;
          filled += 1;
          this.sum = 0;
          this.summed = 0;
          this.ahead += down;
        }
        this.ahead -= up;
        this.skip = first;
      }
      this.skip -= 1;
    }
    return into;
  }

  reset(): void {
    this.sum = 0;
    this.summed = 0;
    this.skip = 0;
    this.ahead = 0;
  }
}
