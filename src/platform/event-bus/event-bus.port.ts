import type { CallId, CustomerId, TenantId, TokenId, WatchlistEntryId, WatchlistId } from '../../core/ids.js';

/** What one process tells all (itself included). Ids only: never a number, a name or a biometric. */
export type PublishedMessage =
  | {
      readonly kind: 'customer-changed';
      readonly tenantId: TenantId;
      readonly customerId: CustomerId;
      readonly change: CustomerChange;
    }
  | {
      readonly kind: 'call-claimed';
      readonly tenantId: TenantId;
      readonly callId: CallId;
      readonly customerId: CustomerId;
    }
  /** Its platform has come back to another process: whoever has the call hands it over. */
  | { readonly kind: 'call-wanted'; readonly tenantId: TenantId; readonly callId: CallId }
  | { readonly kind: 'call-events'; readonly tenantId: TenantId; readonly lastEventId: string }
  /** Told by the transaction that recorded them (facts-wake-up.ts): whoever reads facts looks now. */
  | { readonly kind: 'facts-recorded' }
  | { readonly kind: 'flag-changed'; readonly tenantId: TenantId; readonly callId: CallId }
  | { readonly kind: 'policy-changed'; readonly tenantId: TenantId }
  /** A new version of the notice: consents that counted may count no more. */
  | { readonly kind: 'consent-asked-again'; readonly tenantId: TenantId }
  | {
      readonly kind: 'watchlist-changed';
      readonly tenantId: TenantId;
      readonly listId: WatchlistId;
      /** The entry that was added or is gone; null: the list itself, or several entries. */
      readonly entryId: WatchlistEntryId | null;
    }
  /** A rotation began or ended: whoever holds the tenant's keys reads them again. */
  | { readonly kind: 'tenant-keys-changed'; readonly tenantId: TenantId }
  | { readonly kind: 'master-key-changed' }
  | { readonly kind: 'credentials-changed'; readonly tenantId: TenantId }
  | { readonly kind: 'token-revoked'; readonly tenantId: TenantId; readonly tokenId: TokenId };

/**
 * `cut-off` comes from the bus itself when its connection is lost: from here on a withdrawal would not be heard, so whoever
 * relies on hearing of one asks by itself. `resync` comes when the connection is back: messages may have been missed, so whatever is held of the
 * database (live calls' claim contexts, caches, feeds' last event) must be asked again.
 */
export type BusMessage = PublishedMessage | { readonly kind: 'cut-off' } | { readonly kind: 'resync' };

export type CustomerChange =
  | 'consent-granted'
  | 'consent-withdrawn'
  | 'voiceprint-enrolled'
  | 'voiceprint-revoked'
  | 'voiceprint-expired'
  | 'residence-changed'
  /** Nothing is left of them: whoever holds anything of this customer drops it. */
  | 'customer-erased';

export interface EventBus {
  /** Whether what other processes publish arrives now, by beats that come back. Where it does not, ask by yourself. */
  readonly hears: boolean;
  /** Resolves when the message is on its way to every process that hears. */
  publish(message: PublishedMessage): Promise<void>;
  /** Returns the function that ends the subscription. Handlers run in order of arrival, in this process, for messages of every process. */
  subscribe(handler: (message: BusMessage) => void): () => void;
}

export const EVENT_BUS = Symbol('EventBus');
