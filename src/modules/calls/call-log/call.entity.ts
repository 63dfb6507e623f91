import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Attestation, CallEndReason } from '../../../core/calls/intake.js';
import type { CallProtocol } from '../../../core/calls/protocols.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, ProcessId, TenantId } from '../../../core/ids.js';

@Entity('calls')
export class Call {
  @PrimaryColumn('uuid', { name: 'call_id' })
  callId!: CallId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text', { name: 'external_id', nullable: true })
  externalId!: string | null;

  @Column('text')
  protocol!: CallProtocol;

  /** HMAC-SHA256 of the number under the tenant's pepper; the number itself is never stored. */
  @Column('text', { name: 'ani_hash', nullable: true })
  aniHash!: string | null;

  @Column('text', { name: 'dnis_hash', nullable: true })
  dnisHash!: string | null;

  /** Null: the platform did not say. */
  @Column('text', { nullable: true })
  direction!: 'inbound' | 'outbound' | null;

  /** What the network vouches for of the number (STIR/SHAKEN); null: nothing came. */
  @Column('text', { nullable: true })
  attestation!: Attestation | null;

  /** Under which a later stream resumes it: the latest one's. */
  @Column('text', { name: 'stream_key', nullable: true })
  streamKey!: string | null;

  /** The call on another process that this one resumed. */
  @Column('uuid', { name: 'continues_call_id', nullable: true })
  continuesCallId!: CallId | null;

  /** Whose lease says that the call lives; null: of a Timbre before there were leases. */
  @Column('uuid', { name: 'process_id', nullable: true })
  processId!: ProcessId | null;

  @Column('uuid', { name: 'claimed_customer_id', nullable: true })
  claimedCustomerId!: CustomerId | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;

  @Column('text', { name: 'close_reason', nullable: true })
  closeReason!: CallEndReason | null;

  @Column('jsonb')
  result!: CallResult;
}
