import type { FeedPage } from './feed-cursor.js';

/** Reads the tenant's log after a position. */
export type ReadAfter = (position: bigint) => Promise<FeedPage>;

/**
 * The end of one tenant's log, read once for all of its sockets on this process, however many they are. A socket
 * that is behind catches up by itself and joins where the feed stands.
 */
export class TenantFeed {
  private readonly read: ReadAfter;
  private readonly onError: (error: unknown) => void;
  private readonly members = new Set<(page: FeedPage) => void>();
  private position: bigint | undefined;
  private reading = false;
  private drained = Promise.resolve();
  private ended = false;
  private woken = false;

  constructor(read: ReadAfter, onError: (error: unknown) => void) {
    this.read = read;
    this.onError = onError;
  }

  get size(): number {
    return this.members.size;
  }

  /** False when the feed is ahead of this position: read on and ask again. Nothing is awaited, so nothing slips between. */
  join(position: bigint, deliver: (page: FeedPage) => void): boolean {
    if (this.position !== undefined && position < this.position) return false;
    if (this.members.size === 0) this.position = position;
    this.members.add(deliver);
    // Rows may have come after the member's last look, with their wake-up spent on nobody.
    this.wake();
    return true;
  }

  leave(deliver: (page: FeedPage) => void): void {
    this.members.delete(deliver);
  }

  /** There may be more rows. Wake-ups during a read become one more read. */
  wake(): void {
    this.woken = true;
    if (!this.reading && !this.ended) this.drained = this.drain();
  }

  /** No more is read or given; resolves when a read under way has come back, so that the database may be closed. */
  async end(): Promise<void> {
    this.ended = true;
    this.members.clear();
    await this.drained;
  }

  private async drain(): Promise<void> {
    this.reading = true;
    try {
      while (this.woken && this.members.size > 0) {
        this.woken = false;
        const from = this.position ?? 0n;
        const page = await this.read(from);
        if (page.position <= from) continue;
        if (this.position === undefined || page.position > this.position) this.position = page.position;
        this.woken = true;
        for (const deliver of [...this.members]) deliver(page);
      }
    } catch (error) {
      // The next wake-up reads from the same position: nothing was given, nothing is lost. Once ended, nobody waits for it.
      if (!this.ended) this.onError(error);
    } finally {
      this.reading = false;
    }
  }
}
