import type { EntityManager } from 'typeorm';
import type { AcceptanceBounds, AcceptLlrs } from '../../../core/speaker/acceptance.js';

/** Under this model and mean voice (0: the model's own). */
export async function newestBounds(
  em: EntityManager,
  modelSha256: string,
  meanVoiceVersion: number,
): Promise<AcceptLlrs | undefined> {
  const [newest] = await em.query<AcceptLlrs[]>(
    `SELECT convenience, standard, strict FROM acceptance_bounds
      WHERE model_sha256 = $1 AND mean_voice_version = $2 ORDER BY version DESC LIMIT 1`,
    [modelSha256, meanVoiceVersion],
  );
  return newest;
}

/** Measured on the tenant's own callers; undefined until there were enough of them. */
export async function acceptanceInForce(
  em: EntityManager,
  modelSha256: string,
  meanVoiceVersion: number | undefined,
): Promise<AcceptanceBounds | undefined> {
  const acceptLlr = await newestBounds(em, modelSha256, meanVoiceVersion ?? 0);
  return acceptLlr && { ownCallers: 'measured', acceptLlr };
}
