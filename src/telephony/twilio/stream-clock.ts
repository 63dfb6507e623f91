/** Twilio's timestamps jitter by a packet or two; a longer gap is audio that never came. */
const GAP_TOLERANCE_MS = 60;

/** Where each chunk lies in stream time, and what is missing before it. */
export type Placement =
  | { readonly kind: 'late' }
  | { readonly kind: 'placed'; readonly lostMs: number; readonly positionMs: number };

/** Follows one track: stream time is audio received plus audio lost, so that positions leave no gap of their own. */
export class StreamClock {
  #lastChunk = -1;
  #firstTimestampMs: number | undefined;
  #positionMs = 0;

  place(chunk: number, timestampMs: number, durationMs: number): Placement {
    if (chunk <= this.#lastChunk) return { kind: 'late' };
    this.#lastChunk = chunk;
    this.#firstTimestampMs ??= timestampMs;
    const gapMs = timestampMs - this.#firstTimestampMs - this.#positionMs;
    const lostMs = gapMs > GAP_TOLERANCE_MS ? gapMs : 0;
    const positionMs = this.#positionMs + lostMs;
    this.#positionMs = positionMs + durationMs;
    return { kind: 'placed', lostMs, positionMs };
  }
}
