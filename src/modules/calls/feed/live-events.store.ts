import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import type { FeedPage } from './feed-cursor.js';
import { eventMessage, snapshotMessage, type CallRow, type EventRow } from './live-messages.js';

/** Rows per read: small enough that a resuming socket never holds much, large enough that it gets there. */
export const pageSize = 200;
/** A call that ended this recently is still in the snapshot: the agent writes it up. */
const recentlyClosedMs = 120_000;

/** Reads of the event log. Ids commit in order within a tenant (calls' event writer), so a read up to the head is whole. */
@Injectable()
export class LiveEventsStore {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async readAfter(tenantId: TenantId, position: bigint, callId?: CallId): Promise<FeedPage> {
    return this.database.forTenant(tenantId, async (em) => {
      const rows: (EventRow & { head: string })[] = await em.query(
        `SELECT * FROM (SELECT coalesce(max(event_id), 0) AS head FROM call_events WHERE tenant_id = $1) AS log
         LEFT JOIN LATERAL (
           SELECT event_id, call_id, kind, payload, at FROM call_events
           WHERE tenant_id = $1 AND event_id > $2 AND ($3::uuid IS NULL OR call_id = $3)
           ORDER BY event_id LIMIT ${pageSize}
         ) AS page ON true ORDER BY event_id`,
        [tenantId, String(position), callId ?? null],
      );
      const found = rows.filter((row) => (row.event_id as string | null) !== null);
      const last = found.at(-1)?.event_id;
      const head = rows[0]?.head ?? '0';
      return {
        entries: found.map((row) => ({
          eventId: BigInt(row.event_id),
          callId: row.call_id,
          message: eventMessage(row),
        })),
        position: BigInt(found.length === pageSize && last !== undefined ? last : head),
      };
    });
  }

  /** Calls and head in one statement, so that no event lies between them. With a call: that call, open or not. */
  async snapshot(tenantId: TenantId, callId?: CallId): Promise<{ position: bigint; message: string }> {
    return this.database.forTenant(tenantId, async (em) => {
      const rows: (CallRow & { head: string })[] = await em.query(
        `SELECT * FROM (SELECT coalesce(max(event_id), 0) AS head FROM call_events WHERE tenant_id = $1) AS log
         LEFT JOIN LATERAL (
           SELECT c.call_id, c.external_id, c.opened_at, c.closed_at, c.close_reason, c.result,
                  (SELECT jsonb_agg(jsonb_build_object('flagId', flag_id, 'customerId', customer_id,
                     'severity', severity, 'state', state, 'reasons', reasons))
                   FROM flags WHERE flags.call_id = c.call_id) AS flags,
                  (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'at', at) ORDER BY at)
                   FROM account_events WHERE account_events.call_id = c.call_id) AS account_events
           FROM calls AS c
           WHERE c.tenant_id = $1
             AND (c.call_id = $2 OR ($2::uuid IS NULL AND (c.closed_at IS NULL OR c.closed_at > $3)))
         ) AS page ON true ORDER BY opened_at`,
        [tenantId, callId ?? null, new Date(this.clock.nowMs() - recentlyClosedMs)],
      );
      const position = BigInt(rows[0]?.head ?? '0');
      const calls = rows.filter((row) => (row.call_id as string | null) !== null);
      return { position, message: snapshotMessage(position, calls) };
    });
  }

  async hasCall(tenantId: TenantId, callId: CallId): Promise<boolean> {
    return this.database.forTenant(tenantId, async (em) => {
      const rows: unknown[] = await em.query('SELECT 1 FROM calls WHERE tenant_id = $1 AND call_id = $2', [
        tenantId,
        callId,
      ]);
      return rows.length === 1;
    });
  }
}
