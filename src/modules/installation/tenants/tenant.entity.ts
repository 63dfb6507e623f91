import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

@Entity('tenants')
export class Tenant {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  name!: string;

  /** Wrapped by the master key. */
  @Column('bytea', { name: 'wrapped_key' })
  wrappedKey!: Buffer;

  /** Counts rotations. */
  @Column('integer', { name: 'key_version' })
  keyVersion!: number;

  /** While a rotation is under way: the key of the version before. */
  @Column('bytea', { name: 'previous_wrapped_key', nullable: true })
  previousWrappedKey!: Buffer | null;

  /** Null: of a tenant of before transforms existed, until its secrets are next read. */
  @Column('bytea', { name: 'wrapped_transform', nullable: true })
  wrappedTransform!: Buffer | null;

  /** Which master key wrapped all of these; null: not known, from before it was noted. */
  @Column('text', { name: 'master_key_id', nullable: true })
  masterKeyId!: string | null;

  @Column('bytea', { name: 'wrapped_pepper' })
  wrappedPepper!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
