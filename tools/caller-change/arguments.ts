import { parseArgs } from 'node:util';
import { UsageError } from '../evaluate/arguments.js';

export const usage = `Usage: timbre-caller-change --audio DIR --cache DIR [--model DIR] [--splices N]

How surely and how soon a change of the caller is noticed: calls spliced from two callers, and whole calls of one, through
Timbre's own engine. Prints Markdown.

  --audio DIR    SPEAKER/CALL/UTTERANCE.wav, 8 kHz µ-law or A-law
  --cache DIR    holds embeddings: keep it as you keep the audio; timbre-evaluate and timbre-calibrate can share it
  --model DIR    default models/timbre-sv-8k-v1
  --splices N    default 300
`;

export interface CallerChangeOptions {
  readonly audio: string;
  readonly cache: string;
  readonly model: string;
  readonly splices: number;
}

/** Undefined: help is asked for. */
export function parseCommand(args: readonly string[]): CallerChangeOptions | undefined {
  const { audio, cache, model, splices = '300', help } = parse(args);
  if (help) return undefined;
  if (audio === undefined || cache === undefined) throw new UsageError('--audio and --cache are required');
  if (!/^[1-9]\d{0,5}$/.test(splices)) throw new UsageError(`--splices: a number is wanted, not ${splices}`);
  return { audio, cache, model: model ?? 'models/timbre-sv-8k-v1', splices: Number(splices) };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    audio: text,
    cache: text,
    model: text,
    splices: text,
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
