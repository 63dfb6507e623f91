import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { setTimeout as pause } from 'node:timers/promises';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { binding, open, seal, wipe } from '../../../platform/crypto/envelope.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { forgetKey, liveKey } from '../../people/voiceprints/customer-keys.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallTransfer } from './call-transfer.entity.js';
import { takeOverCall } from '../call-log/lost-calls.js';
import { packCall, unpackCall } from './carried-form.js';

/** A call that nobody has come for by then is over. */
const keptMs = 60_000;
/** A call that never closed is not looked for longer than this: its process was killed. */
const longestCallMs = 24 * 3_600_000;
/** How often the process that has the call is waited for, while the new stream's audio waits unheard. */
const patienceMs = [100, 200, 300, 500, 900, 1000];

interface Elsewhere {
  readonly call_id: CallId;
  readonly is_lost: boolean;
  readonly claimed_customer_id: CustomerId | null;
}

/** Carries a call from the process that had its stream to the one to which the platform came back. */
@Injectable()
export class CallTransfers {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    private readonly writer: CallEventWriter,
    private readonly shutdown: Shutdown,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Puts the call where another process finds it; overwrites the copies of the voice that it was given. */
  async store(
    { tenantId, protocol }: CallDescription,
    call: CarriedCall,
    keys: readonly string[],
  ): Promise<void> {
    const ring = await this.tenantKeys.ring(tenantId);
    const aad = binding('call_handovers', tenantId, call.callId);
    try {
      // The row of the call must be there to be resumed.
      await this.writer.flushed();
      await this.database.forTenant(tenantId, async (em) => {
        const { claimedCustomerId: customerId } = call;
        const key =
          call.evidence && customerId ? await liveKey(em, { tenantId, customerId }, ring) : undefined;
        // Without the customer's key nothing of the voice may be kept.
        const packed = packCall(key ? call : { ...call, evidence: null }, key?.transformOf ?? null);
        const { sealed: ciphertext, tenantKeyVersion } = key
          ? { sealed: seal(key.key, packed, aad), tenantKeyVersion: 1 }
          : await ring.seal(em, packed, aad);
        await em.upsert(
          CallTransfer,
          {
            callId: call.callId,
            tenantId,
            protocol,
            streamKeys: [...keys],
            customerId,
            keyId: key?.keyId ?? null,
            tenantKeyVersion,
            ciphertext,
            expiresAt: new Date(this.clock.nowMs() + keptMs),
          },
          ['callId'],
        );
        wipe(packed);
        if (key) forgetKey(key);
      });
    } finally {
      ring.wipe();
      for (const { embedding } of call.evidence?.segments ?? []) embedding.fill(0);
    }
  }

  /**
   * The call that this one resumes, if another process has or had it; `isHere` tells this process's own. Its evidence may be
   * used only under consent checked after.
   */
  async take(
    description: CallDescription,
    callId: CallId,
    isHere: (callId: CallId) => boolean,
  ): Promise<CarriedCall | undefined> {
    const { tenantId, resumes = [] } = description;
    if (resumes.length === 0) return undefined;
    // What this process itself has just closed must be seen as closed.
    await this.writer.flushed();
    const found = await this.takeRow(description);
    if (found) return found;
    const elsewhere = await this.liveElsewhere(description, callId);
    if (!elsewhere || isHere(elsewhere.call_id)) return undefined;
    if (!elsewhere.is_lost) {
      await this.bus.publish({ kind: 'call-wanted', tenantId, callId: elsewhere.call_id });
      for (const ms of patienceMs) {
        await pause(ms);
        if (this.shutdown.begun) return undefined;
        const transferred = await this.takeRow(description);
        if (transferred) return transferred;
      }
    }
    return this.takeOver(tenantId, elsewhere);
  }

  /** Its process is gone, and the evidence with it. Who was claimed is in the call's row. */
  private async takeOver(tenantId: TenantId, elsewhere: Elsewhere): Promise<CarriedCall | undefined> {
    const { call_id: callId, claimed_customer_id: customerId } = elsewhere;
    const nowMs = this.clock.nowMs();
    const isOurs = await this.database.forTenant(tenantId, (em) =>
      takeOverCall(em, { tenantId, callId, now: new Date(nowMs) }),
    );
    return isOurs ? withoutEvidence(callId, customerId, nowMs) : undefined;
  }

  private takeRow({ tenantId, protocol, resumes }: CallDescription): Promise<CarriedCall | undefined> {
    return this.database.forTenant(tenantId, async (em) => {
      const [rows] = await em.query<[Sealed[], number]>(
        `DELETE FROM call_handovers
         WHERE tenant_id = $1 AND protocol = $2 AND stream_keys && $3::text[] AND expires_at > $4
         RETURNING call_id, customer_id, key_id, tenant_key_version, ciphertext`,
        [tenantId, protocol, resumes, new Date(this.clock.nowMs())],
      );
      const row = rows[0];
      return row && this.unseal(em, tenantId, row);
    });
  }

  private async unseal(em: EntityManager, tenantId: TenantId, row: Sealed): Promise<CarriedCall> {
    const { call_id: callId, customer_id: customerId, key_id: keyId, ciphertext } = row;
    const ring = await this.tenantKeys.ring(tenantId);
    const own = keyId && customerId ? await liveKey(em, { tenantId, customerId }, ring) : undefined;
    const gone = withoutEvidence(callId, customerId, this.clock.nowMs());
    const aad = binding('call_handovers', tenantId, callId);
    try {
      if (keyId && own?.keyId !== keyId) return gone;
      const packed = own
        ? open(own.key, ciphertext, aad)
        : await ring.open(em, ciphertext, row.tenant_key_version, aad);
      const call = unpackCall(packed, own?.transformOf ?? null) ?? gone;
      wipe(packed);
      return call;
    } finally {
      ring.wipe();
      if (own) forgetKey(own);
    }
  }

  private liveElsewhere(
    { tenantId, protocol, resumes }: CallDescription,
    callId: CallId,
  ): Promise<Elsewhere | undefined> {
    const nowMs = this.clock.nowMs();
    return this.database.forTenant(tenantId, async (em) => {
      const rows = await em.query<Elsewhere[]>(
        `SELECT call_id, claimed_customer_id, closed_at IS NOT NULL OR NOT EXISTS (
             SELECT 1 FROM process_leases
             WHERE process_leases.process_id = calls.process_id AND expires_at > clock_timestamp()) AS is_lost
         FROM calls
         WHERE tenant_id = $1 AND protocol = $2 AND stream_key = ANY($3::text[])
           AND (closed_at IS NULL OR close_reason = 'process-lost') AND (closed_at IS NULL OR closed_at > $6)
           AND call_id <> $4 AND opened_at > $5
         ORDER BY opened_at DESC LIMIT 1`,
        [
          tenantId,
          protocol,
          resumes,
          callId,
          new Date(nowMs - longestCallMs),
          new Date(nowMs - this.config.resumeWithinMs),
        ],
      );
      return rows[0];
    });
  }
}

interface Sealed {
  readonly call_id: CallId;
  readonly customer_id: CustomerId | null;
  readonly key_id: CallTransfer['keyId'];
  readonly tenant_key_version: number;
  readonly ciphertext: Buffer;
}

function withoutEvidence(
  callId: CallId,
  claimedCustomerId: CustomerId | null,
  heardAtMs: number,
): CarriedCall {
  const audio = { receivedMs: 0, analysedMs: 0, droppedMs: 0, lostMs: 0, withheldMs: 0 };
  return {
    callId,
    readTo: 0,
    heardAtMs,
    audio,
    claimedCustomerId,
    mixed: false,
    enrolledHere: false,
    firstDecision: null,
    evidence: null,
  };
}
