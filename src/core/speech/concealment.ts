/** 10 ms at 8 kHz: half the shortest packet in common use, so that a lost one holds a whole block wherever it begins. */
const blockSamples = 80;
/** A stand-in repeats what was heard one packet ago: 10, 20 or 30 ms. */
const repeatLags = [80, 160, 240] as const;
const history = 240;
/** So much of a block is looked at first: what is left of it when likened is left of the whole. */
const glance = 20;
/** Quieter repeats are background noise that a codec rounds to the same few values. −50 dBFS. */
const minPower = 1e-5;
/** A repeat may be faded and pass a codec again, whose rounding is 37 dB below it; no voice comes this close to itself. */
const maxDifference = 10 ** -3.3;
/** A hole is cut into sound of at least this power; silence between words fades first. −40 dBFS. */
const holeEdgePower = 1e-4;

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
  /** What was heard before, and then the samples of no whole block yet. */
  private samples = new Float32Array(history);
  private held = history;
  private zeros = false;

  /** Share of whole blocks among these samples that stand in for lost ones; a window's left-over goes with the next. */
  push(window: Float32Array): number {
    const end = this.held + window.length;
    this.makeRoomFor(end);
    const { samples } = this;
    samples.set(window, this.held);
    let blocks = 0;
    let concealed = 0;
    let at = history;
    for (; at + blockSamples <= end; at += blockSamples) {
      blocks += 1;
      if (this.isHole(samples, at) || isRepeat(samples, at)) concealed += 1;
    }
    samples.copyWithin(0, at - history, end);
    this.held = end - at + history;
    return blocks === 0 ? 0 : concealed / blocks;
  }

  reset(): void {
    this.samples.fill(0);
    this.held = history;
    this.zeros = false;
  }

  private makeRoomFor(count: number): void {
    if (count <= this.samples.length) return;
    const roomy = new Float32Array(count + blockSamples);
    roomy.set(this.samples.subarray(0, this.held));
    this.samples = roomy;
  }

  /** A hole begins in sound and goes on until something is heard again. */
  private isHole(samples: Float32Array, at: number): boolean {
    const inSound = this.zeros || power(samples, at - blockSamples, at) >= holeEdgePower;
    this.zeros = inSound && samples.subarray(at, at + blockSamples).every((sample) => sample === 0);
    return this.zeros;
  }
}

function isRepeat(samples: Float32Array, at: number): boolean {
  const energy = power(samples, at, at + blockSamples) * blockSamples;
  if (energy < minPower * blockSamples) return false;
  const most = maxDifference * energy;
  return repeatLags.some(
    (lag) => leftOver(samples, at, lag, glance) < most && leftOver(samples, at, lag, blockSamples) < most,
  );
}

/** Energy of the first `count` samples that is left when their best likeness, the same way up, is taken away. */
function leftOver(samples: Float32Array, at: number, lag: number, count: number): number {
  let energy = 0;
  let before = 0;
  let product = 0;
  for (let n = at; n < at + count; n++) {
    const sample = samples[n] ?? 0;
    const earlier = samples[n - lag] ?? 0;
    energy += sample * sample;
    before += earlier * earlier;
    product += sample * earlier;
  }
  return product <= 0 || before === 0 ? energy : energy - (product * product) / before;
}
