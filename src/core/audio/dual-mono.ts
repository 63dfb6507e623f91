/** The least power of a window that is compared: below it there is nothing on either channel. */
const quietPower = 10 ** (-65 / 10);
/** What of one channel the other does not explain: a hundredth of its power. Coding each by itself leaves less than that. */
const maxUnexplained = 0.01;
/** Louder or softer by up to 6 dB, either way up. */
const maxGain = 2;
/** So many windows of sameness vouch for the channels where one window is none. */
const remembered = 32;
const vouching = 8;

/**
 * Tells two channels that carry one and the same sound, as a recorder writes that knows one microphone only. What comes back as
 * echo is never that: it is later and softer, and the caller's own voice is over it.
 */
export class DualMonoDetector {
  private balance = 0;

  /** Whether these two windows of the same time are one sound. */
  isOneSound(caller: Float32Array, other: Float32Array): boolean {
    let [own, theirs, product] = [0, 0, 0];
    for (let n = 0; n < caller.length; n++) {
      const [a, b] = [caller[n] ?? 0, other[n] ?? 0];
      own += a * a;
      theirs += b * b;
      product += a * b;
    }
    if (Math.max(own, theirs) < quietPower * caller.length) return this.balance >= vouching;
    const unexplained = own === 0 || theirs === 0 ? 1 : 1 - product ** 2 / (own * theirs);
    const gain = Math.sqrt(own / Math.max(theirs, Number.MIN_VALUE));
    const isSame = unexplained <= maxUnexplained && gain <= maxGain && gain >= 1 / maxGain;
    this.balance = isSame ? Math.min(remembered, this.balance + 1) : Math.max(0, this.balance - 2);
    return isSame || this.balance >= vouching;
  }

  /** After a gap nothing is known. */
  reset(): void {
    this.balance = 0;
  }
}

/** Whether both channels of a recording hold the same bytes. */
export function isDualMono(data: Uint8Array, sampleBytes: number): boolean {
  for (let at = 0; at + 2 * sampleBytes <= data.length; at += 2 * sampleBytes) {
    for (let i = 0; i < sampleBytes; i++) if (data[at + i] !== data[at + sampleBytes + i]) return false;
  }
  return data.length > 0;
}

/** The first channel alone, in the same memory: no second copy of a voice is made. */
export function firstOfTwo(data: Uint8Array, sampleBytes: number): Uint8Array {
  let to = 0;
  for (let at = 0; at + 2 * sampleBytes <= data.length; at += 2 * sampleBytes, to += sampleBytes) {
    data.copyWithin(to, at, at + sampleBytes);
  }
  return data.subarray(0, to);
}
