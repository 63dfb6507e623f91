import { z } from 'zod';
import type { CallId, CustomerId, TenantId, TokenId, WatchlistEntryId, WatchlistId } from '../../core/ids.js';
import type { PublishedMessage } from './event-bus.port.js';

const tenantId = z.uuid().transform((id) => id as TenantId);
const callId = z.uuid().transform((id) => id as CallId);
const customerId = z.uuid().transform((id) => id as CustomerId);
const tokenId = z.uuid().transform((id) => id as TokenId);

const customerChanges = [
  'consent-granted',
  'consent-withdrawn',
  'voiceprint-enrolled',
  'voiceprint-revoked',
  'voiceprint-expired',
  'customer-erased',
  'residence-changed',
] as const;

/** Sent by a bus to itself, on another connection than it listens on. */
export const heartbeatSchema = z.strictObject({
  kind: z.literal('heartbeat'),
  of: z.uuid(),
  beat: z.number().int().positive(),
});

/** The bus is an edge too: another version of Timbre may be speaking on it. */
export const busMessageSchema: z.ZodType<PublishedMessage> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('customer-changed'),
    tenantId,
    customerId,
    change: z.enum(customerChanges),
  }),
  z.strictObject({ kind: z.literal('call-claimed'), tenantId, callId, customerId }),
  z.strictObject({ kind: z.literal('call-wanted'), tenantId, callId }),
  z.strictObject({ kind: z.literal('call-events'), tenantId, lastEventId: z.string().regex(/^\d+$/) }),
  z.strictObject({ kind: z.literal('facts-recorded') }),
  z.strictObject({ kind: z.literal('flag-changed'), tenantId, callId }),
  z.strictObject({ kind: z.literal('policy-changed'), tenantId }),
  z.strictObject({ kind: z.literal('consent-asked-again'), tenantId }),
  z.strictObject({
    kind: z.literal('watchlist-changed'),
    tenantId,
    listId: z.uuid().transform((id) => id as WatchlistId),
    entryId: z
      .uuid()
      .transform((id) => id as WatchlistEntryId)
      .nullable(),
  }),
  z.strictObject({ kind: z.literal('tenant-keys-changed'), tenantId }),
  z.strictObject({ kind: z.literal('master-key-changed') }),
  z.strictObject({ kind: z.literal('credentials-changed'), tenantId }),
  z.strictObject({ kind: z.literal('token-revoked'), tenantId, tokenId }),
]);
