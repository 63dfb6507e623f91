import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId, TokenId } from '../../../core/ids.js';
import type { PolicyDocument } from '../../../core/policy/policy.js';

/** Never changed after it is written: results and flags name the version they were decided under. */
@Entity('policies')
export class PolicyVersion {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('integer')
  version!: number;

  @Column('jsonb')
  document!: PolicyDocument;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: TokenId | null;
}
