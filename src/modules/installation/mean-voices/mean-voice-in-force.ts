import type { EntityManager } from 'typeorm';

export interface OwnMeanVoice {
  readonly centre: Float32Array;
  readonly meanVoiceVersion: number;
}

/** The tenant's own mean voice for a model; undefined where the model's is in force. */
export async function ownMeanVoice(
  em: EntityManager,
  modelSha256: string,
): Promise<OwnMeanVoice | undefined> {
  const [newest] = await em.query<{ version: number; centre: number[] | null }[]>(
    'SELECT version, centre FROM centre_versions WHERE model_sha256 = $1 ORDER BY version DESC LIMIT 1',
    [modelSha256],
  );
  if (!newest?.centre) return undefined;
  return { centre: Float32Array.from(newest.centre), meanVoiceVersion: newest.version };
}
