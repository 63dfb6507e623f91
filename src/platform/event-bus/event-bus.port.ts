import type { CallId, TenantId } from '../../core/ids.js';

/**
 * What one process tells all (itself included): wake-ups alone. What happened is read in the audit log, what is new in calls in
 * their event log; who slept through a wake-up looks by itself.
 */
export type PublishedMessage =
  /** Told by the transaction that recorded them (facts-wake-up.ts). */
  | { readonly kind: 'facts-recorded' }
  | { readonly kind: 'call-events'; readonly tenantId: TenantId; readonly lastEventId: string }
  /** Its platform has come back to another process: whoever has the call hands it over. */
  | { readonly kind: 'call-wanted'; readonly tenantId: TenantId; readonly callId: CallId };

/** From the bus itself: `cut-off` when it hears nothing any more, `resync` when it hears again and wake-ups may have been missed. */
export type BusMessage = PublishedMessage | { readonly kind: 'cut-off' } | { readonly kind: 'resync' };

export interface EventBus {
  /** Whether what other processes publish arrives now, by beats that come back. Where it does not, ask by yourself. */
  readonly hears: boolean;
  /** Resolves when the message is on its way to every process that hears. */
  publish(message: PublishedMessage): Promise<void>;
  /** Returns the function that ends the subscription. Handlers run in order of arrival, in this process, for messages of every process. */
  subscribe(handler: (message: BusMessage) => void): () => void;
}

export const EVENT_BUS = Symbol('EventBus');
