import { z } from 'zod';
import { leastScale, type Calibration } from '../speaker/calibration.js';

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

const kept = z.number().nonnegative();

/** What telephone voices share, taken from both sides before the cosine; a mean of callers, no person's data. */
const centreSchema = z.strictObject({
  file: fileName,
  sha256,
  method: z.string(),
  data: z.string(),
  calls: positive,
  callers: positive,
  date: z.iso.date(),
  modelSha256: sha256,
});

/** Of the score, before it is calibrated; measured against the others by timbre-calibrate. */
const normalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none'), reason: z.string() }),
  z.strictObject({ kind: z.literal('adaptive-symmetric'), topN: positive, reason: z.string() }),
]);

const sideTermSchema = z
  .strictObject({
    at: z.number(),
    from: z.number(),
    to: z.number(),
    scale: z.number(),
    offset: z.number(),
  })
  .refine((term) => term.from <= term.to, 'from is not above to');
const speechTermSchema = sideTermSchema.refine((term) => term.at > 0 && term.from > 0, 'above 0 ms');

const unlike = z.number().positive().max(1);
const varietySchema = z
  .strictObject({ full: unlike, repeated: unlike, slope: z.number().positive(), intercept: z.number() })
  .refine(({ full, repeated }) => repeated < full, 'repeated is below full');

const calibrationSchema = z
  .strictObject({
    llr: z.literal(
      'natural logarithm; scale x score + offset, both moved by the side information: net speech by ln(ms / at), decibels by (dB - at) / 10, within from..to',
    ),
    scale: z.number(),
    offset: z.number(),
    probeNetSpeech: speechTermSchema.optional(),
    referenceNetSpeech: speechTermSchema.optional(),
    snr: sideTermSchema.optional(),
    variety: varietySchema.optional(),
    method: z.string(),
    data: z.string(),
    dataSha256: sha256,
    trials: z.strictObject({ target: positive, nontarget: positive }),
    date: z.iso.date(),
    cllrBefore: kept,
    cllr: kept,
    cllrCrossValidatedByCaller: kept,
    /** The scores it was fitted to: it is of no use for others. */
    modelSha256: sha256,
    centreSha256: sha256.nullable(),
    normalisedTopN: positive.nullable(),
  })
  .refine(
    (calibration) => leastScale(calibration) > 0,
    'llr must grow with the score, whatever else is known',
  );

/** What strangers' voices score against each other (centred where the model has a centre), for watchlists. */
const impostorTailSchema = z.strictObject({
  mean: z.number(),
  sd: z.number().positive(),
  /** The caller's side is normalised against so many of the cohort; absent: the score is the cosine. */
  normalisedTopN: positive.nullable().optional(),
  method: z.string(),
  data: z.string(),
  pairs: positive,
  date: z.iso.date(),
  modelSha256: sha256,
  centreSha256: sha256.nullable(),
});

/** What every form of model says. */
const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  kind: z.literal('speaker-embedding'),
  license: z.string(),
  attribution: z.string(),
  frontEnd: frontEndSchema,
  cohort: z.strictObject({ file: fileName, count: positive, sha256 }),
  centre: centreSchema.optional(),
  normalisation: normalisationSchema,
  calibration: calibrationSchema,
  /** Without it nobody is screened: a match could not be told from chance. */
  impostorTail: impostorTailSchema.optional(),
};

/** One network: a stretch of speech in, its embedding out. */
const wholeSegmentsSchema = z.strictObject({
  ...common,
  form: z.literal('whole segments').optional(),
  file: fileName,
  /** Of the file. */
  sha256,
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
  minFrames: positive,
  vectors: z.array(z.strictObject({ wav: fileName, frames: positive, source: z.string() })),
});

const stateShape = z.tuple([z.literal('batch'), positive]);
const sumsShape = z.tuple([z.literal('batch'), positive, positive]);

const framesSchema = z
  .strictObject({
    file: fileName,
    sha256,
    inputs: z.strictObject({
      mel: z.tuple([z.literal('batch'), z.literal('frames'), positive]),
      /** 1 for the first piece of a voice, else 0. */
      first: z.tuple([z.literal('batch')]),
      /** What the piece before gave as `nextState`; zeros for the first. */
      state: stateShape,
    }),
    outputs: z.strictObject({ sums: sumsShape, nextState: stateShape }),
    /** New frames of a whole piece, and frames of the piece before that it begins with. */
    newFrames: positive,
    seenBefore: positive,
    /** Frames of the first piece, all new: what the network takes from all it has heard, it takes from these at first. */
    firstFrames: positive,
    /** What a first piece is given on either side, so that its outermost frames count, too. */
    firstEdges: z.strictObject({ edgeFrames: positive, floorShare: z.number().nonnegative() }).optional(),
    /** Least frames of a piece, those seen before among them, and of a first one, which has none. */
    shortestPiece: positive,
    shortestFirst: positive,
  })
  .refine(({ shortestPiece, seenBefore }) => shortestPiece > seenBefore, 'shortestPiece is above seenBefore')
  .refine(
    ({ shortestFirst, seenBefore }) => shortestFirst >= seenBefore,
    'shortestFirst is seenBefore or more',
  );

/** Two networks: each frame goes through the first one once, in pieces; sums of pieces add over any stretch, and the second makes embeddings of them. */
const eachFrameOnceSchema = z.strictObject({
  ...common,
  form: z.literal('each frame once'),
  /** Of the frames' file and then the pool's, as one. */
  sha256,
  frames: framesSchema,
  pool: z.strictObject({
    file: fileName,
    sha256,
    input: z.tuple([z.literal('n'), positive, positive]),
    output: z.tuple([z.literal('n'), positive]),
    l2Normalised: z.literal(true),
  }),
  vectors: z.array(z.strictObject({ wav: fileName, frames: positive, pieces: positive, source: z.string() })),
});

export const modelManifestSchema = z.discriminatedUnion('form', [wholeSegmentsSchema, eachFrameOnceSchema]);

export type WholeSegmentsManifest = z.infer<typeof wholeSegmentsSchema>;
export type EachFrameOnceManifest = z.infer<typeof eachFrameOnceSchema>;
export type ModelManifest = WholeSegmentsManifest | EachFrameOnceManifest;

export function embeddingSizeOf(manifest: ModelManifest): number {
  return manifest.form === 'each frame once' ? manifest.pool.output[1] : manifest.output.shape[1];
}

export function melBandsOf(manifest: ModelManifest): number {
  return manifest.form === 'each frame once' ? manifest.frames.inputs.mel[2] : manifest.input.shape[2];
}
/** How a calibration came to be. */
export type CalibrationProvenance = Omit<ModelManifest['calibration'], keyof Calibration>;
export type FrontEndDescription = z.infer<typeof frontEndSchema>;
