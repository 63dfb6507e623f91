import { z } from 'zod';
import type { CallId, TenantId } from '../../core/ids.js';
import type { PublishedMessage } from './event-bus.port.js';

const tenantId = z.uuid().transform((id) => id as TenantId);
const callId = z.uuid().transform((id) => id as CallId);

/** Sent by a bus to itself, on another connection than it listens on. */
export const heartbeatSchema = z.strictObject({
  kind: z.literal('heartbeat'),
  of: z.uuid(),
  beat: z.number().int().positive(),
});

/** The bus is an edge too: another version of Timbre may be speaking on it. */
export const busMessageSchema: z.ZodType<PublishedMessage> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('facts-recorded') }),
  z.strictObject({ kind: z.literal('call-events'), tenantId, lastEventId: z.string().regex(/^\d+$/) }),
  z.strictObject({ kind: z.literal('call-wanted'), tenantId, callId }),
]);
