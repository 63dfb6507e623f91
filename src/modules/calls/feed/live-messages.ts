import { z } from 'zod';
import type { CallId } from '../../../core/ids.js';

/** What a client may say. Everything else is refused. */
const clientMessage = z.strictObject({ type: z.literal('ping') });

export function isPing(text: string): boolean {
  try {
    return clientMessage.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** The upgrade's query. `after` is the id of the last event the client has. */
export const liveQuery = z.strictObject({
  callId: z.uuid().optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'the id of an event')
    .optional(),
});
export type LiveQuery = z.infer<typeof liveQuery>;

/** RFC 6455 §7.4.2 leaves 4000 to 4999 to the application; these follow HTTP's numbers. */
export const closeCodes = {
  badRequest: 4400,
  tokenRevoked: 4401,
  unknownCall: 4404,
  tooSlow: 4408,
  policy: 1008,
  goingAway: 1001,
} as const;

export interface EventRow {
  readonly event_id: string;
  readonly call_id: CallId;
  readonly kind: string;
  readonly payload: unknown;
  readonly at: Date;
}

export function eventMessage(row: EventRow): string {
  return JSON.stringify({
    type: 'event',
    id: row.event_id,
    callId: row.call_id,
    kind: row.kind,
    at: row.at.toISOString(),
    payload: row.payload,
  });
}

export interface CallRow {
  readonly call_id: CallId;
  readonly external_id: string | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly close_reason: string | null;
  readonly result: unknown;
  readonly flags: readonly FlagRow[] | null;
  readonly account_events: readonly unknown[] | null;
}

interface FlagRow {
  readonly reasons: readonly {
    readonly code: string;
    readonly weightNats: number | null;
    readonly text: string;
  }[];
}

/** The calls as they stand after event `id`. */
export function snapshotMessage(id: bigint, calls: readonly CallRow[]): string {
  return JSON.stringify({
    type: 'snapshot',
    id: String(id),
    calls: calls.map((row) => ({
      callId: row.call_id,
      externalId: row.external_id,
      openedAt: row.opened_at.toISOString(),
      closedAt: row.closed_at?.toISOString() ?? null,
      closeReason: row.close_reason,
      result: row.result,
      // As in the events `flag` and `account-event`; the evidence behind a reason is the fraud team's.
      flags: (row.flags ?? []).map((flag) => ({
        ...flag,
        reasons: flag.reasons.map(({ code, weightNats, text }) => ({ code, weightNats, text })),
      })),
      accountEvents: row.account_events ?? [],
    })),
  });
}
