import type { CallId } from '../../../core/ids.js';

/** One row of call_events, with the message that goes to every socket written once. */
export interface FeedEntry {
  readonly eventId: bigint;
  readonly callId: CallId;
  readonly message: string;
}

/** Rows read up to a position of the tenant's log: nothing at or below it is still to come. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[];
  readonly position: bigint;
}

/**
 * How far one socket has come in its tenant's log. Ids commit in order within a tenant, so one number says what was
 * given: whatever is at or below it is a repeat, whatever is above it is new.
 */
export class FeedCursor {
  private reached: bigint;
  private readonly callId: CallId | undefined;

  /** With a call, only that call's entries are given; the position moves on over the others all the same. */
  constructor(position: bigint, callId?: CallId) {
    this.reached = position;
    this.callId = callId;
  }

  get position(): bigint {
    return this.reached;
  }

  /** The entries of a page that were not given before, in order. */
  take(page: FeedPage): FeedEntry[] {
    const fresh: FeedEntry[] = [];
    for (const entry of page.entries) {
      if (entry.eventId <= this.reached) continue;
      this.reached = entry.eventId;
      if (this.callId === undefined || entry.callId === this.callId) fresh.push(entry);
    }
    if (page.position > this.reached) this.reached = page.position;
    return fresh;
  }
}
