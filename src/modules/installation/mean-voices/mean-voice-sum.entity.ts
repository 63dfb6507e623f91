import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** The directions of many people's calls, added up: nobody's data, since nobody can be taken out of it again. */
@Entity('centre_sums')
export class MeanVoiceSum {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('text', { name: 'model_sha256' })
  modelSha256!: string;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('float8', { array: true })
  sum!: number[];

  @Column('integer')
  calls!: number;

  @Column('timestamptz')
  since!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
