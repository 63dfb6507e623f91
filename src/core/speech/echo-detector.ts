/** Everything here runs at 4 kHz, pairs of samples averaged: echo is found by its vowels, and half the rate is a quarter of the work. */
const rateHz = 4000;
/** Echo is looked for up to this late. */
const lags = rateHz / 2;
/** What is compared at a time: 128 ms of the caller's channel. */
const span = 512;
const history = lags + span;
/** Loudness is taken of blocks of 8 ms. */
const block = 32;
/** A comparison of all delays costs about a millisecond: one every so many windows of 32 ms, and fewer once many found nothing. */
const compareEvery = 4;
const compareSeldom = 32;
const fruitlessLimit = 24;

/**
 * A comparison points at a delay when the channels are at least this alike there; the path is known when so many of the newest
 * point at the same delay, give or take the spread of a room (8 ms). Measured on telephone-dev (docs/quality.md).
 */
const minLikeness = 0.3;
const remembered = 5;
const agreeingNeeded = 4;
const sameLag = 32;
/** A path is forgotten when so many windows in a row that were taken for echo are not alike. */
const unlikeLimit = 16;
const minLikenessOfEcho = 0.15;
/** What is this much louder than the echo that is expected cannot be echo alone. */
const marginDb = 6;
/** Echo dies away with its room, no faster than 60 dB in 0.6 s. */
const tailDbPerBlock = 0.8;
/** Below this neither channel has anything to compare. */
const quietDbfs = -65;
/** Nothing is quieter than one 16-bit step. */
const floorPower = (1 / 32768) ** 2;

interface Candidate {
  readonly lag: number;
  readonly gainDb: number;
}

const decibels = (power: number): number => 10 * Math.log10(Math.max(power, floorPower));

/** The newest samples of one channel at 4 kHz, differenced so that the loudest low tones do not decide alone. */
class Channel {
  readonly samples = new Float32Array(history);
  private last = 0;

  push(at8kHz: Float32Array): void {
    const count = at8kHz.length >> 1;
    this.samples.copyWithin(0, count);
    for (let n = 0; n < count; n++) {
      const sample = ((at8kHz[2 * n] ?? 0) + (at8kHz[2 * n + 1] ?? 0)) / 2;
      this.samples[history - count + n] = sample - 0.9 * this.last;
      this.last = sample;
    }
  }

  /** Mean power of the samples that end this long before the newest. */
  power(count: number, before = 0): number {
    let sum = 0;
    const end = history - before;
    for (let n = Math.max(0, end - count); n < end; n++) sum += (this.samples[n] ?? 0) ** 2;
    return sum / count;
  }

  reset(): void {
    this.samples.fill(0);
    this.last = 0;
  }
}

/**
 * Tells windows of the caller's channel that hold nothing but the agent, come back as echo. The agent's voice is compared as a
 * waveform with the caller's channel and never analysed. Once the echo's delay and loss are known they hold, until the channels
 * show others.
 */
export class EchoDetector {
  private readonly caller = new Channel();
  private readonly agent = new Channel();
  private candidates: Candidate[] = [];
  private path: Candidate | undefined;
  private expectedDb = -Infinity;
  private sinceComparison = 0;
  /** Comparisons since a path was known or forgotten. */
  private fruitless = 0;
  private unlike = 0;

  /** Takes one window of both channels at 8 kHz and whether the VAD hears speech in the caller's: true when that is echo only. */
  isEcho(caller: Float32Array, agent: Float32Array, isSpeech: boolean): boolean {
    this.caller.push(caller);
    this.agent.push(agent);
    this.sinceComparison += 1;
    const isEcho = this.path !== undefined && this.isExplained(this.path, caller.length >> 1);
    const every = this.path === undefined && this.fruitless >= fruitlessLimit ? compareSeldom : compareEvery;
    if (isSpeech && this.sinceComparison >= every) this.compare(isEcho);
    return isEcho;
  }

  /** After a gap the delay may be another one. */
  reset(): void {
    this.caller.reset();
    this.agent.reset();
    this.forgetPath();
  }

  private forgetPath(): void {
    this.candidates = [];
    this.path = undefined;
    this.expectedDb = -Infinity;
    this.unlike = 0;
    this.fruitless = 0;
  }

  private isExplained(path: Candidate, samples: number): boolean {
    let louder = 0;
    const blocks = samples / block;
    for (let b = blocks - 1; b >= 0; b--) {
      const echoDb = decibels(this.agent.power(block, b * block + path.lag)) + path.gainDb;
      this.expectedDb = Math.max(echoDb, this.expectedDb - tailDbPerBlock);
      const foundDb = decibels(this.caller.power(block, b * block));
      if (foundDb > this.expectedDb + marginDb && foundDb > quietDbfs) louder += 1;
    }
    return louder < blocks / 2;
  }

  private compare(wasEcho: boolean): void {
    const callerPower = this.caller.power(span);
    if (decibels(callerPower) < quietDbfs || decibels(this.agent.power(history)) < quietDbfs) return;
    this.sinceComparison = 0;
    const around = this.path?.lag;
    const from = around === undefined ? 0 : Math.max(0, around - sameLag);
    const to = around === undefined ? lags : Math.min(lags, around + sameLag + 1);
    const { lag, likeness } = this.mostAlike(callerPower, from, to);
    this.fruitless += 1;
    if (wasEcho) this.unlike = likeness < minLikenessOfEcho ? this.unlike + 1 : 0;
    if (this.unlike >= unlikeLimit) this.forgetPath();
    if (likeness < minLikeness) return;
    const gainDb = decibels(callerPower) - decibels(this.agent.power(span, lag));
    this.candidates = [...this.candidates.slice(1 - remembered), { lag, gainDb }];
    const agreeing = this.candidates.filter((candidate) => Math.abs(candidate.lag - lag) <= sameLag);
    if (agreeing.length < agreeingNeeded) return;
    // The caller's own speech only ever makes the loss look smaller.
    this.path = { lag, gainDb: Math.min(...agreeing.map((candidate) => candidate.gainDb)) };
  }

  /** The delay at which the newest of the caller's channel is most like the agent's, whichever way up. */
  private mostAlike(callerPower: number, from: number, to: number): { lag: number; likeness: number } {
    const agent = this.agent.samples;
    const newest = this.caller.samples.subarray(history - span);
    let energy = this.agent.power(span, from) * span;
    let best = { lag: from, likeness: 0 };
    for (let lag = from; lag < to; lag++) {
      const start = history - span - lag;
      let product = 0;
      for (let n = 0; n < span; n++) product += (newest[n] ?? 0) * (agent[start + n] ?? 0);
      const likeness =
        Math.abs(product) / Math.sqrt(callerPower * span * Math.max(energy, floorPower * span));
      if (likeness > best.likeness) best = { lag, likeness };
      energy += (agent[start - 1] ?? 0) ** 2 - (agent[start + span - 1] ?? 0) ** 2;
    }
    return best;
  }
}
