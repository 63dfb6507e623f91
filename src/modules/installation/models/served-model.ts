import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** A model that is loaded: a voiceprint of any other can't be compared with anything. */
export interface ServedModel {
  readonly id: string;
  readonly sha256: string;
}

export function isOfModel(row: { readonly modelId: string; readonly modelSha256: string }, model: ServedModel): boolean {
  return row.modelId === model.id && row.modelSha256 === model.sha256;
}

/** Says that these models are served now. */
export async function markServed(
  em: EntityManager,
  tenantId: TenantId,
  models: readonly ServedModel[],
  nowMs: number,
): Promise<void> {
  for (const { id, sha256 } of models) {
    await em.query(
      `INSERT INTO served_models VALUES ($1, $2, $3, $4, $4)
       ON CONFLICT (tenant_id, model_id, model_sha256) DO UPDATE SET last_served_at = greatest(served_models.last_served_at, $4)`,
      [tenantId, id, sha256, new Date(nowMs)],
    );
  }
}
