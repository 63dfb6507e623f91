import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** A model that the tenant's calls are or were served with. What no process says it serves any more is retired. */
@Entity('served_models')
export class ServedModelRow {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @PrimaryColumn('text', { name: 'model_id' })
  modelId!: string;

  @PrimaryColumn('text', { name: 'model_sha256' })
  modelSha256!: string;

  @Column('timestamptz', { name: 'first_served_at' })
  firstServedAt!: Date;

  @Column('timestamptz', { name: 'last_served_at' })
  lastServedAt!: Date;
}
