import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const usage = `Usage: timbre-evaluate --audio DIR --trials FILE.tsv --out DIR [--model DIR] [--centre FILE] [--cache DIR] [--desk [--base-rate N]]

Runs enrolment and verification over a list of trials through Timbre's own engine and reports the error rates.

  --audio DIR        SPEAKER/CALL/UTTERANCE.wav
  --trials FILE.tsv  label, enrolCall, probeCall, probeUtterances; calls.tsv beside it may give gender and handset
  --out DIR          for report.json, report.md and the plots
  --model DIR        default models/timbre-sv-8k-v1
  --centre FILE      a centre in place of the model's: the numbers of GET /v1/centre as a JSON list, or a centre.f32
  --desk             also plays every trial as a call and says what a fraud desk would see of it
  --base-rate N      of --desk: one call in N is a fraud; default 600
  --cache DIR        default OUT/cache; holds embeddings: keep it as you keep the audio
`;

/** A command line or a list that can't be followed, in words for whoever wrote it. */
export class UsageError extends Error {}

export interface EvaluateOptions {
  readonly audio: string;
  readonly trials: string;
  readonly out: string;
  readonly model: string;
  /** Undefined: the model's own. */
  readonly centre?: string | undefined;
  readonly cache: string;
  /** One call in so many is a fraud; undefined: no desk. */
  readonly deskBaseRate?: number | undefined;
}

/** Undefined: help is asked for. */
export function parseCommand(args: readonly string[]): EvaluateOptions | undefined {
  const { audio, trials, out, model, centre, cache, help, desk, 'base-rate': baseRate } = parse(args);
  if (help) return undefined;
  if (audio === undefined || trials === undefined || out === undefined)
    throw new UsageError('--audio, --trials and --out are required');
  const calls = Number(baseRate ?? 600);
  if (!(calls > 1))
    throw new UsageError('--base-rate is the number of calls of which one is a fraud: more than 1');
  return {
    audio,
    trials,
    out,
    centre,
    model: model ?? 'models/timbre-sv-8k-v1',
    cache: cache ?? join(out, 'cache'),
    deskBaseRate: desk ? 1 / calls : undefined,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const paths = { audio: text, trials: text, out: text, model: text, centre: text, cache: text };
  try {
    return parseArgs({ args: [...args], options: { ...paths, desk: flag, 'base-rate': text, help: flag } })
      .values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
