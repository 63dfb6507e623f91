import type { Principal } from '../../../core/auth/principal.js';
import type { CallId } from '../../../core/ids.js';
import { FeedCursor, type FeedPage } from './feed-cursor.js';
import type { LiveEventsStore } from './live-events.store.js';
import { closeCodes } from './live-messages.js';
import type { LivePeer } from './live-peer.js';
import type { TenantFeed } from './tenant-feed.js';

export interface LiveRequest {
  readonly callId: CallId | undefined;
  readonly after: bigint | undefined;
}

/** One socket's way through the log: snapshot or resume, catch up at its own pace, then the tenant's feed. */
export class LiveSession {
  private readonly deliver = (page: FeedPage): void => {
    for (const entry of this.cursor.take(page)) this.peer.send(entry.message);
  };
  private cursor = new FeedCursor(0n);

  constructor(
    readonly principal: Principal,
    readonly peer: LivePeer,
    private readonly store: Pick<LiveEventsStore, 'readAfter' | 'snapshot' | 'hasCall'>,
    private readonly feed: TenantFeed,
  ) {}

  async run({ callId, after }: LiveRequest): Promise<void> {
    const { tenantId } = this.principal;
    if (callId !== undefined && !(await this.store.hasCall(tenantId, callId))) {
      this.peer.close(closeCodes.unknownCall, 'no such call');
      return;
    }
    this.cursor = new FeedCursor(await this.begin(after, callId), callId);
    while (await this.peer.drained()) {
      const page = await this.store.readAfter(tenantId, this.cursor.position, callId);
      if (this.peer.closing) return;
      this.deliver(page);
      // From here to the feed nothing is awaited: no row slips between the last page and the first wake-up.
      if (page.entries.length > 0 || !this.feed.join(this.cursor.position, this.deliver)) continue;
      this.peer.send(JSON.stringify({ type: 'caught-up', id: String(this.cursor.position) }));
      return;
    }
  }

  end(): void {
    this.peer.gone();
    this.feed.leave(this.deliver);
  }

  private async begin(after: bigint | undefined, callId: CallId | undefined): Promise<bigint> {
    const { tenantId } = this.principal;
    if (after !== undefined) {
      const { position } = await this.store.readAfter(tenantId, after, callId);
      if (after <= position) return after;
      // An id this log has not reached is another database's: begin anew instead of waiting for ever.
    }
    const snapshot = await this.store.snapshot(tenantId, callId);
    this.peer.send(snapshot.message);
    return snapshot.position;
  }
}
