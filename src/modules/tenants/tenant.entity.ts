import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../core/ids.js';

@Entity('tenants')
export class Tenant {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  name!: string;

  /** Wrapped by the master key. */
  @Column('bytea', { name: 'wrapped_key' })
  wrappedKey!: Buffer;

  @Column('bytea', { name: 'wrapped_pepper' })
  wrappedPepper!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
