/** Timestamps jitter by a packet or two; a longer gap is audio that never came, even where no chunk number is missing. */
const gapToleranceMs = 60;

/** Where each chunk lies in stream time, and what is missing before it. */
export type Placement =
  | { readonly kind: 'late' }
  | { readonly kind: 'placed'; readonly lostMs: number; readonly positionMs: number };

/** Follows one track: stream time is audio received plus audio lost, so that positions leave no gap of their own. */
export class StreamClock {
  private lastChunk: number | undefined;
  private firstTimestampMs: number | undefined;
  private positionMs = 0;

  /** A platform that does not number its packets sends them in order; one that does not time them leaves no gap. */
  place(chunk: number | undefined, timestampMs: number | undefined, durationMs: number): Placement {
    const last = this.lastChunk;
    if (last !== undefined && chunk !== undefined && chunk <= last) return { kind: 'late' };
    const missing = last !== undefined && chunk !== undefined && chunk > last + 1;
    this.lastChunk = chunk ?? last;
    this.firstTimestampMs ??= timestampMs;
    const gapMs = this.gapBefore(timestampMs);
    // A chunk that is known to be missing needs no tolerance: its length is the gap, and is counted at once.
    const lostMs = gapMs > (missing ? 0 : gapToleranceMs) ? gapMs : 0;
    const positionMs = this.positionMs + lostMs;
    this.positionMs = positionMs + durationMs;
    return { kind: 'placed', lostMs, positionMs };
  }

  private gapBefore(timestampMs: number | undefined): number {
    return timestampMs === undefined ? 0 : timestampMs - (this.firstTimestampMs ?? 0) - this.positionMs;
  }
}
