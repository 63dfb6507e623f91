import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, TenantId } from '../../../core/ids.js';

@Entity('customers')
export class Customer {
  @PrimaryColumn('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  /** The tenant's own name for the account. */
  @Column('text', { name: 'account_ref' })
  accountRef!: string;

  /** ISO 3166-1 or -2: which laws protect this person. Null: unknown. */
  @Column('text', { nullable: true })
  residence!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_interaction_at' })
  lastInteractionAt!: Date;
}
