import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallProtocol } from '../../../core/calls/protocols.js';
import type { CallId, CustomerId, KeyId, TenantId } from '../../../core/ids.js';

/** A call on its way to another process, for at most a minute. */
@Entity('call_handovers')
export class CallTransfer {
  @PrimaryColumn('uuid', { name: 'call_id' })
  callId!: CallId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  protocol!: CallProtocol;

  /** Any of them finds it. */
  @Column('text', { name: 'stream_keys', array: true })
  streamKeys!: string[];

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: CustomerId | null;

  /** The customer's key that seals it; null: it holds nothing of a voice and is sealed by the tenant's. */
  @Column('uuid', { name: 'key_id', nullable: true })
  keyId!: KeyId | null;

  /** The version of the tenant's key, where that one seals it. */
  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion!: number;

  @Column('bytea')
  ciphertext!: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
