import { createHmac } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CallCloseReason, CallDescription } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, ProcessId, TenantId } from '../../../core/ids.js';
import type { CallEventKind } from './call-event.entity.js';
import { Call } from './call.entity.js';

/** One thing that happened in a call, on its way to the event log and the call's row. */
export interface CallWrite {
  readonly tenantId: TenantId;
  readonly callId: CallId;
  readonly at: Date;
  readonly kind: CallEventKind;
  readonly payload: object;
  readonly opened?: { readonly description: CallDescription; readonly result: CallResult };
  readonly result?: CallResult;
  readonly claimedCustomerId?: CustomerId;
  readonly continuesCallId?: CallId;
  readonly streamKey?: string;
  readonly closeReason?: CallCloseReason;
  /** How far in the tenant's facts what it says of a voice was checked; left out: as far as they have been read. */
  readonly readTo?: number;
}

export async function insertCall(
  em: EntityManager,
  { tenantId, callId, at }: CallWrite,
  { description, result }: NonNullable<CallWrite['opened']>,
  { pepper, processId }: { readonly pepper: Buffer; readonly processId: ProcessId },
): Promise<void> {
  await em.insert(Call, {
    callId,
    tenantId,
    externalId: description.externalId ?? null,
    protocol: description.protocol,
    aniHash: hashNumber(description.ani, pepper),
    dnisHash: hashNumber(description.dnis, pepper),
    direction: description.direction ?? null,
    attestation: description.attestation ?? null,
    streamKey: description.streamKey ?? null,
    continuesCallId: null,
    processId,
    claimedCustomerId: null,
    openedAt: at,
    closedAt: null,
    closeReason: null,
    result,
  });
}

function hashNumber(number: string | undefined, pepper: Buffer): string | null {
  const digits = number?.replace(/\D/g, '');
  return digits ? createHmac('sha256', pepper).update(digits).digest('base64url') : null;
}
