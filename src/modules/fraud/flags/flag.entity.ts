import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallId, CustomerId, FlagId, TenantId } from '../../../core/ids.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { RiskReason, Severity } from '../../../core/risk/risk-reason.js';

@Entity('flags')
export class Flag {
  @PrimaryColumn('uuid', { name: 'flag_id' })
  flagId!: FlagId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'call_id' })
  callId!: CallId;

  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: CustomerId | null;

  @Column('text')
  severity!: Severity;

  @Column('text')
  state!: FlagState;

  /** Strongest first. */
  @Column('jsonb')
  reasons!: readonly RiskReason[];

  /** The policy that the severity was last weighed under. */
  @Column('integer', { name: 'policy_version' })
  policyVersion!: number;

  @Column('text', { nullable: true })
  assignee!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  /** Counts changes: who changes a flag says which version was seen. */
  @Column('integer')
  version!: number;
}
