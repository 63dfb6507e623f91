import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../evaluate/arguments.js';

export const usage = `Usage: timbre-calibrate --audio DIR --trials FILE.tsv --out DIR [--model DIR] [--cache DIR] [--write]

Fits centre and calibration (score to llr) on a development list through Timbre's own engine, compares score normalisations,
and says what it found, cross-validated by caller.

  --audio DIR        SPEAKER/CALL/UTTERANCE.wav
  --trials FILE.tsv  label, enrolCall, probeCall, probeUtterances; a probe goes on with the rest of its call
  --out DIR          for report.md, report.json, centre.f32, manifest.json and the plots
  --model DIR        default models/timbre-sv-8k-v1
  --cache DIR        default OUT/cache; holds embeddings: keep it as you keep the audio
  --write            also write manifest.json and centre.f32 into the model's folder
`;

export interface CalibrateOptions {
  readonly audio: string;
  readonly trials: string;
  readonly out: string;
  readonly model: string;
  readonly cache: string;
  readonly write: boolean;
}

/** Undefined: help is asked for. */
export function parseCommand(args: readonly string[]): CalibrateOptions | undefined {
  const { audio, trials, out, model, cache, write, help } = parse(args);
  if (help) return undefined;
  if (audio === undefined || trials === undefined || out === undefined)
    throw new UsageError('--audio, --trials and --out are required');
  return {
    audio,
    trials,
    out,
    model: model ?? 'models/timbre-sv-8k-v1',
    cache: cache ?? join(out, 'cache'),
    write: write ?? false,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { audio: text, trials: text, out: text, model: text, cache: text, write: flag, help: flag };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
