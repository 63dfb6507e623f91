import { z } from 'zod';

/** What models/<id>/manifest.json says; every number the front end, the score and the checks at start need comes from here. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
const fileName = z.string().regex(/^[\w][\w.-]*$/, 'a file name inside the model folder');
const positive = z.number().int().positive();

const frontEndSchema = z.strictObject({
  sampleRateHz: positive,
  frameSamples: positive,
  fftSamples: positive,
  hopSamples: positive,
  window: z.string(),
  spectrum: z.string(),
  melBands: positive,
  melBandsDesigned: positive,
  melScale: z.string(),
  lowHz: z.number().nonnegative(),
  highHz: z.number().positive(),
  filters: z.string(),
  samples: z.string(),
  insideTheGraph: z.string(),
});

export const modelManifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.literal('speaker-embedding'),
  file: fileName,
  sha256,
  license: z.string(),
  attribution: z.string(),
  input: z.strictObject({
    name: z.string(),
    shape: z.tuple([z.literal('batch'), z.literal('frames'), positive]),
    type: z.literal('float32'),
  }),
  output: z.strictObject({
    name: z.string(),
    shape: z.tuple([z.literal('batch'), positive]),
    type: z.literal('float32'),
    l2Normalised: z.literal(true),
  }),
  frontEnd: frontEndSchema,
  minFrames: positive,
  cohort: z.strictObject({ file: fileName, count: positive, sha256 }),
  vectors: z.array(z.strictObject({ wav: fileName, frames: positive, source: z.string() })),
  calibration: z.strictObject({
    score: z.literal('cosine'),
    llr: z.literal('natural logarithm; scale x score + offset'),
    scale: z.number().positive(),
    offset: z.number(),
    method: z.string(),
    data: z.string(),
    trials: z.strictObject({ target: positive, nontarget: positive }),
    cllr: z.number().nonnegative(),
    cllrCrossValidatedByCaller: z.number().nonnegative().optional(),
    modelSha256: sha256,
  }),
});

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type FrontEndDescription = z.infer<typeof frontEndSchema>;
