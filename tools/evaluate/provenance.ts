import type { ModelDescription } from '../../src/engine/engine.port.js';

/** Where the llr in a report come from, in words. */
export function provenanceText({ calibration, centre, normalisation }: ModelDescription): string {
  const { data, date, trials, cllr, cllrCrossValidatedByCaller } = calibration;
  const score = `${centre ? 'centred' : 'not centred'}, ${normalisation ? `AS-norm over the top ${normalisation.topN}` : 'no score normalisation'}`;
  const fitted = `Calibration fitted ${date ?? 'at an unknown time'} on ${data ?? 'unknown data'}`;
  const counts = trials ? ` (${trials.target} target, ${trials.nontarget} non-target trials)` : '';
  const cost =
    cllr === undefined
      ? ''
      : `: Cllr ${cllr.toFixed(3)}, cross-validated by caller ${cllrCrossValidatedByCaller?.toFixed(3) ?? 'unknown'}`;
  return `Score: cosine, ${score}. ${fitted}${counts}${cost}.`;
}
