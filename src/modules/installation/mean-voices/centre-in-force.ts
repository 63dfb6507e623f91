import type { EntityManager } from 'typeorm';

export interface OwnCentre {
  readonly centre: Float32Array;
  readonly centreVersion: number;
}

/** The tenant's own centre for a model; undefined where the model's is in force. */
export async function ownCentre(em: EntityManager, modelSha256: string): Promise<OwnCentre | undefined> {
  const [newest] = await em.query<{ version: number; centre: number[] | null }[]>(
    'SELECT version, centre FROM centre_versions WHERE model_sha256 = $1 ORDER BY version DESC LIMIT 1',
    [modelSha256],
  );
  if (!newest?.centre) return undefined;
  return { centre: Float32Array.from(newest.centre), centreVersion: newest.version };
}
