import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId, TokenId } from '../../../core/ids.js';

/** Never changed after it is written: results name the version they were scored with. The newest of a model is in force. */
@Entity('centre_versions')
export class MeanVoiceVersion {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('text', { name: 'model_sha256' })
  modelSha256!: string;

  /** Null: back to the model's own. */
  @Column('float4', { array: true, nullable: true })
  centre!: number[] | null;

  @Column('integer')
  calls!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Null: Timbre itself. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: TokenId | null;
}
