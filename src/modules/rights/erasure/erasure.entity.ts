import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, KeyId, TenantId, TokenId } from '../../../core/ids.js';
import type { ErasureReason, ErasureReceipt } from '../../../core/privacy/erasure-receipt.js';

export interface DestroyedKey {
  readonly keyId: KeyId;
  readonly destroyedAt: string;
}

/** How many rows of each table were deleted or pseudonymised. */
export type ErasedRows = Readonly<Record<string, number>>;

@Entity('erasures')
export class Erasure {
  @PrimaryColumn('uuid', { name: 'erasure_id' })
  erasureId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  /** An id that leads nowhere any more. */
  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text')
  reason!: ErasureReason;

  @Column('jsonb')
  rules!: ErasureReceipt['rules'];

  @Column('uuid', { name: 'request_id', nullable: true })
  requestId!: string | null;

  @Column('uuid', { name: 'requested_by', nullable: true })
  requestedBy!: TokenId | null;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  @Column('jsonb')
  keys!: readonly DestroyedKey[];

  @Column('timestamptz', { name: 'erased_at' })
  erasedAt!: Date;

  @Column('jsonb')
  counts!: ErasedRows;

  /** Null until every process has been told and the receipt is signed. */
  @Column('jsonb', { nullable: true })
  receipt!: ErasureReceipt | null;

  @Column('bytea', { nullable: true })
  signature!: Buffer | null;

  @Column('text', { name: 'signing_key_id', nullable: true })
  signingKeyId!: string | null;
}
