import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, KeyId, TenantId } from '../../../core/ids.js';

@Entity('customer_keys')
export class CustomerKey {
  @PrimaryColumn('uuid', { name: 'key_id' })
  keyId!: KeyId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  /** Wrapped by the tenant's key; null once destroyed. */
  @Column('bytea', { name: 'wrapped_key', nullable: true })
  wrappedKey!: Buffer | null;

  /** The version of the tenant's key that it is wrapped by. */
  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion!: number;

  /** Half of what opens it lies in the key store. */
  @Column('boolean')
  shared!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'destroyed_at', nullable: true })
  destroyedAt!: Date | null;

  @Column('text', { name: 'destroyed_reason', nullable: true })
  destroyedReason!: string | null;

  /** When the half in the key store was destroyed too. */
  @Column('timestamptz', { name: 'share_destroyed_at', nullable: true })
  shareDestroyedAt!: Date | null;
}
