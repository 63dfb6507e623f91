/** 10 ms at 8 kHz: half the shortest packet in common use, so that a lost one holds a whole block wherever it begins. */
const BLOCK = 80;
/** A stand-in repeats what was heard one packet ago: 10, 20 or 30 ms. */
const REPEAT_LAGS = [80, 160, 240] as const;
const HISTORY = 240;
/** Quieter repeats are background noise that a codec rounds to the same few values. −50 dBFS. */
const MIN_POWER = 1e-5;
/** A repeat may be faded and pass a codec again, whose rounding is 37 dB below it; no voice comes this close to itself. */
const MAX_DIFFERENCE = 10 ** -3.3;
/** A hole is cut into sound of at least this power; silence between words fades first. −40 dBFS. */
const HOLE_EDGE_POWER = 1e-4;

function power(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let n = from; n < to; n++) sum += (samples[n] ?? 0) ** 2;
  return sum / (to - from);
}

/**
 * Finds what receivers upstream put in the place of packets that never came: the packet before once more, or zeros. It is
 * looked for sample by sample, so that a receiver which blends well is not found.
 */
export class ConcealmentDetector {
  private samples = new Float32Array(HISTORY);
  private zeros = false;

  /** Share of whole blocks among these samples that stand in for lost ones; a window's left-over goes with the next. */
  push(window: Float32Array): number {
    const all = new Float32Array(this.samples.length + window.length);
    all.set(this.samples);
    all.set(window, this.samples.length);
    let blocks = 0;
    let concealed = 0;
    let at = HISTORY;
    for (; at + BLOCK <= all.length; at += BLOCK) {
      blocks += 1;
      if (this.isHole(all, at) || isRepeat(all, at)) concealed += 1;
    }
    this.samples = all.slice(at - HISTORY);
    return blocks === 0 ? 0 : concealed / blocks;
  }

  reset(): void {
    this.samples = new Float32Array(HISTORY);
    this.zeros = false;
  }

  /** A hole begins in sound and goes on until something is heard again. */
  private isHole(samples: Float32Array, at: number): boolean {
    const inSound = this.zeros || power(samples, at - BLOCK, at) >= HOLE_EDGE_POWER;
    this.zeros = inSound && samples.subarray(at, at + BLOCK).every((sample) => sample === 0);
    return this.zeros;
  }
}

function isRepeat(samples: Float32Array, at: number): boolean {
  const here = power(samples, at, at + BLOCK);
  if (here < MIN_POWER) return false;
  return REPEAT_LAGS.some((lag) => {
    let product = 0;
    for (let n = at; n < at + BLOCK; n++) product += (samples[n] ?? 0) * (samples[n - lag] ?? 0);
    const before = power(samples, at - lag, at - lag + BLOCK) * BLOCK;
    if (product <= 0 || before === 0) return false;
    // What is left of this block when its best likeness in the earlier one is taken away.
    return 1 - product ** 2 / (before * here * BLOCK) < MAX_DIFFERENCE;
  });
}
