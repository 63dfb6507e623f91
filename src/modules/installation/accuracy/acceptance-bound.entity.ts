import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** Never changed after it is written. The newest of a model and mean voice is in force. */
@Entity('acceptance_bounds')
export class AcceptanceBound {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('text', { name: 'model_sha256' })
  modelSha256!: string;

  /** 0: the model's own. */
  @Column('integer', { name: 'mean_voice_version' })
  meanVoiceVersion!: number;

  /** In llr. */
  @Column('float8')
  convenience!: number;

  @Column('float8')
  standard!: number;

  @Column('float8')
  strict!: number;

  @Column('integer')
  callers!: number;

  @Column('integer')
  pairs!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
