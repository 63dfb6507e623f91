/** Timestamps jitter by a packet or two; a longer gap is audio that never came, even where no chunk number is missing. */
const GAP_TOLERANCE_MS = 60;

/** Where each chunk lies in stream time, and what is missing before it. */
export type Placement =
  | { readonly kind: 'late' }
  | { readonly kind: 'placed'; readonly lostMs: number; readonly positionMs: number };

/** Follows one track: stream time is audio received plus audio lost, so that positions leave no gap of their own. */
export class StreamClock {
  #lastChunk: number | undefined;
  #firstTimestampMs: number | undefined;
  #positionMs = 0;

  place(chunk: number, timestampMs: number, durationMs: number): Placement {
    if (this.#lastChunk !== undefined && chunk <= this.#lastChunk) return { kind: 'late' };
    const missing = this.#lastChunk !== undefined && chunk > this.#lastChunk + 1;
    this.#lastChunk = chunk;
    this.#firstTimestampMs ??= timestampMs;
    const gapMs = timestampMs - this.#firstTimestampMs - this.#positionMs;
    // A chunk that is known to be missing needs no tolerance: its length is the gap, and is counted at once.
    const lostMs = gapMs > (missing ? 0 : GAP_TOLERANCE_MS) ? gapMs : 0;
    const positionMs = this.#positionMs + lostMs;
    this.#positionMs = positionMs + durationMs;
    return { kind: 'placed', lostMs, positionMs };
  }
}
