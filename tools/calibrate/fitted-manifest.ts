import type { ModelManifest } from '../../src/core/features/manifest.js';
import type { Outcome } from './calibrate.js';
import type { FittedTail } from './fitted-tail.js';
import type { Material } from './material.js';

export interface FitFacts {
  readonly data: string;
  readonly dataSha256: string;
  readonly date: string;
  readonly centreSha256: string | undefined;
}

const round = (x: number): number => Number(x.toFixed(4));

/** The manifest with what was fitted, and where it comes from. */
export function fittedManifest(
  manifest: ModelManifest,
  { calls, trials }: Material,
  { chosen, calibration, variants, cllrBefore, cllrFitted, impostorTails: [tail] }: Outcome,
  { data, dataSha256, date, centreSha256 }: FitFacts,
): ModelManifest {
  const { topN } = chosen.variant;
  const others = variants.map(({ name, cllr }) => `${name} ${cllr.toFixed(3)}`).join(', ');
  const reason = `least Cllr, mean over the reported lengths of speech, cross-validated by caller, ${data}, ${date}: ${others}`;
  const centre =
    centreSha256 === undefined
      ? undefined
      : {
          file: 'centre.f32',
          sha256: centreSha256,
          method: 'mean of the callers, each the mean direction of their calls; one vote a caller',
          data,
          calls: [...calls.values()].reduce((sum, list) => sum + list.length, 0),
          callers: calls.size,
          date,
          modelSha256: manifest.sha256,
        };
  return {
    ...manifest,
    centre,
    normalisation: topN === null ? { kind: 'none', reason } : { kind: 'adaptive-symmetric', topN, reason },
    calibration: {
      llr: manifest.calibration.llr,
      ...calibration,
      method:
        'logistic regression on the score and the side information, equal total weight of target and non-target trials at each of 3, 4, 5, 6.5, 8, 10, 13, 16, 20 s of net speech; centre fitted without both callers of a trial',
      data: `${data}; each probe goes on with the rest of its call`,
      dataSha256,
      trials,
      date,
      cllrBefore: round(cllrBefore),
      cllr: round(cllrFitted),
      cllrCrossValidatedByCaller: round(chosen.cllr),
      centreSha256: centreSha256 ?? null,
      normalisedTopN: topN,
    },
    impostorTail: tail && impostorTailOf(tail, { data, date, modelSha256: manifest.sha256, centreSha256 }),
  };
}

function impostorTailOf(
  { mean, sd, topN, calls, callers, pairs }: FittedTail,
  { data, date, modelSha256, centreSha256 }: Omit<FitFacts, 'dataSha256'> & { readonly modelSha256: string },
): ModelManifest['impostorTail'] {
  const score =
    topN === null
      ? 'cosine'
      : `cosine, less the mean and over the deviation of the caller's ${topN} nearest of the cohort`;
  return {
    mean: round(mean),
    sd: round(sd),
    normalisedTopN: topN,
    method: `normal tail through the quantiles 0.75 to 0.998 of the greatest score (${score}) that a call had, at any of its moments from 5 s of net speech on, with the voice of each other person, listed by their first call with 10 s; centre fitted without both`,
    data: `${data}: ${calls} whole calls of ${callers} callers`,
    pairs,
    date,
    modelSha256,
    centreSha256: centreSha256 ?? null,
  };
}
