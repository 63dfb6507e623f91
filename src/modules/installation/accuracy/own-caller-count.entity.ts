import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** Counts of comparisons among a tenant's own callers, under one model and one mean voice. Nobody's: no id, nothing of a voice. */
@Entity('own_caller_counts')
export class OwnCallerCount {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('text', { name: 'model_sha256' })
  modelSha256!: string;

  /** 0: the model's own. */
  @PrimaryColumn('integer', { name: 'mean_voice_version' })
  meanVoiceVersion!: number;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  /** A voiceprint that has counted here names it (`voiceprints.counted_in`), so that a person counts once as a caller. */
  @Column('uuid', { name: 'measurement_id' })
  measurementId!: string;

  @Column('integer')
  calls!: number;

  @Column('integer')
  callers!: number;

  @Column('integer')
  pairs!: number;

  @Column('float8', { name: 'pairs_squared' })
  pairsSquared!: number;

  @Column('float8', { array: true })
  above!: number[];

  @Column('float8', { name: 'above_squared', array: true })
  aboveSquared!: number[];

  @Column('float8', { name: 'above_by_pairs', array: true })
  aboveByPairs!: number[];

  @Column('integer')
  own!: number;

  @Column('float8', { name: 'own_above', array: true })
  ownAbove!: number[];

  /** Pairs there were when thresholds were last weighed; 0: never. */
  @Column('integer', { name: 'weighed_pairs' })
  weighedPairs!: number;

  @Column('timestamptz')
  since!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
