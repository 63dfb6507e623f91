import type { EntityManager } from 'typeorm';
import { dayMs } from '../../../core/privacy/retention.js';
import { isOfModel, type ServedModel } from '../../installation/models/served-model.js';

export type ModelRole = 'current' | 'previous' | 'retired';

export interface ActiveOfModel {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly voiceprints: number;
  /** When the first of them is destroyed because the model is retired. */
  readonly destroyedFrom: Date | null;
}

export function roleOf(
  model: Pick<ActiveOfModel, 'modelId' | 'modelSha256'>,
  served: readonly ServedModel[],
): ModelRole {
  const place = served.findIndex((loaded) => isOfModel(model, loaded));
  if (place < 0) return 'retired';
  return place === 0 ? 'current' : 'previous';
}

/** The tenant's voiceprints in force, by model. */
export function activeByModel(em: EntityManager): Promise<ActiveOfModel[]> {
  return em.query<ActiveOfModel[]>(
    `SELECT model_id AS "modelId", model_sha256 AS "modelSha256", count(*)::int AS voiceprints,
            min(expires_at) FILTER (WHERE expiry_reason = 'model-retired') AS "destroyedFrom"
     FROM voiceprints WHERE status = 'active' GROUP BY model_id, model_sha256 ORDER BY model_id, model_sha256`,
  );
}

export interface MigrationProgress {
  /** Customers whose voiceprint of the current model came from one of another, ever. */
  readonly migrated: number;
  /** Customers of a previous model of whom some speech of the current one is there already. */
  readonly underWay: number;
  /** Customers whose voiceprint is of a previous model. */
  readonly remaining: number;
  /** The last 30 days on which customers migrated, newest first (UTC). */
  readonly perDay: readonly { readonly day: string; readonly migrated: number }[];
  /** Remaining customers at the rate of the last 7 days; null while there is no rate. Rare callers come last: it ends later. */
  readonly daysLeftAtThisRate: number | null;
}

const shownDays = 30;
const rateDays = 7;

export async function migrationProgress(
  em: EntityManager,
  [current, ...previous]: readonly [ServedModel, ...ServedModel[]],
  nowMs: number,
): Promise<MigrationProgress> {
  const ids = previous.map(({ id }) => id);
  const hashes = previous.map(({ sha256 }) => sha256);
  const ofPrevious = `v.status = 'active' AND (v.model_id, v.model_sha256) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
  const counted = await em.query<
    { remaining: number; under_way: number; migrated: number; lately: number }[]
  >(
    `SELECT (SELECT count(DISTINCT customer_id)::int FROM voiceprints AS v WHERE ${ofPrevious}) AS remaining,
            (SELECT count(DISTINCT v.customer_id)::int FROM voiceprints AS v JOIN enrolment_stretches AS s USING (customer_id)
              WHERE ${ofPrevious} AND s.model_id = $3 AND s.expires_at > $4) AS under_way,
            (SELECT count(DISTINCT customer_id)::int FROM voiceprints
              WHERE migrated_from IS NOT NULL AND model_id = $3) AS migrated,
            (SELECT count(DISTINCT customer_id)::int FROM voiceprints
              WHERE migrated_from IS NOT NULL AND model_id = $3 AND created_at > $5) AS lately`,
    [ids, hashes, current.id, new Date(nowMs), new Date(nowMs - rateDays * dayMs)],
  );
  const perDay = await em.query<{ day: string; migrated: number }[]>(
    `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS migrated FROM voiceprints
     WHERE migrated_from IS NOT NULL AND model_id = $1 AND created_at > $2 GROUP BY 1 ORDER BY 1 DESC`,
    [current.id, new Date(nowMs - shownDays * dayMs)],
  );
  const { remaining = 0, under_way: underWay = 0, migrated = 0, lately = 0 } = counted[0] ?? {};
  const daysLeftAtThisRate = lately === 0 ? null : Math.ceil((remaining * rateDays) / lately);
  return { migrated, underWay, remaining, perDay, daysLeftAtThisRate };
}
