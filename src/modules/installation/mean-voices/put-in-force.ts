import type { EntityManager } from 'typeorm';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { recordFact } from '../facts/record-fact.js';
import { MeanVoiceVersion } from './mean-voice-version.entity.js';

interface MadeVersion {
  readonly tenantId: TenantId;
  readonly modelId: string;
  readonly modelSha256: string;
  /** Null: back to the model's own. */
  readonly centre: readonly number[] | null;
  readonly calls: number;
  /** Null: Timbre itself, once enough callers were gathered. */
  readonly createdBy: TokenId | null;
  readonly createdAt: Date;
}

interface StoredVersion extends MadeVersion {
  readonly version: number;
  readonly centre: number[] | null;
}

/** For calls claimed from now on. The caller holds the tenant's lock of mean voices. */
export async function putInForce(em: EntityManager, made: MadeVersion): Promise<StoredVersion> {
  const { tenantId, modelId, centre, calls, createdBy, createdAt } = made;
  const version = ((await em.maximum(MeanVoiceVersion, 'version', { tenantId })) ?? 0) + 1;
  const row = { ...made, version, centre: centre && [...centre] };
  await em.insert(MeanVoiceVersion, row);
  await recordFact(em, tenantId, createdAt, {
    action: 'mean-voice-changed',
    by: createdBy,
    subject: { kind: 'mean-voice', id: String(version) },
    details: { modelId, calls, own: centre !== null },
  });
  return row;
}

/** Two processes may add or make one at once, the first time too. */
export async function lockMeanVoices(em: EntityManager, tenantId: TenantId): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre centre ${tenantId}`]);
}

export function newestVersion(
  em: EntityManager,
  tenantId: TenantId,
  modelSha256: string,
): Promise<MeanVoiceVersion | null> {
  return em.findOne(MeanVoiceVersion, { where: { tenantId, modelSha256 }, order: { version: 'DESC' } });
}
