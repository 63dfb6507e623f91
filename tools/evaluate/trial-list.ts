import { z } from 'zod';
import { UsageError } from './arguments.js';

const call = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'SPEAKER/CALL is wanted');
const trialRow = z.strictObject({
  label: z.enum(['target', 'nontarget']),
  enrolCall: call,
  probeCall: call,
  probeUtterances: z.string().regex(/^[\w.-]+(,[\w.-]+)*$/, 'UTTERANCE,UTTERANCE… is wanted'),
});
const callRow = z.strictObject({
  speaker: z.string(),
  call: z.string(),
  gender: z.string(),
  handset: z.string(),
  utterances: z.string(),
});

export interface Trial {
  readonly target: boolean;
  readonly enrolCall: string;
  readonly probeCall: string;
  readonly probeUtterances: readonly string[];
}

/** Empty where it was not recorded. */
export interface CallFacts {
  readonly gender: string;
  readonly handset: string;
}

export const speakerOf = (callPath: string): string => callPath.split('/')[0] ?? callPath;

export function parseTrials(tsv: string): Trial[] {
  return parseRows(tsv, trialRow, 'trials').map(({ label, enrolCall, probeCall, probeUtterances }, i) => {
    const target = label === 'target';
    if (target !== (speakerOf(enrolCall) === speakerOf(probeCall)))
      throw new UsageError(`trials, line ${i + 2}: ${label} does not go with ${enrolCall} and ${probeCall}`);
    return { target, enrolCall, probeCall, probeUtterances: probeUtterances.split(',') };
  });
}

export function parseCalls(tsv: string): Map<string, CallFacts> {
  return new Map(
    parseRows(tsv, callRow, 'calls').map((row) => [
      `${row.speaker}/${row.call}`,
      { gender: row.gender, handset: row.handset },
    ]),
  );
}

function parseRows<Row>(tsv: string, schema: z.ZodType<Row>, name: string): Row[] {
  const [header = '', ...lines] = tsv.trimEnd().split(/\r?\n/);
  const columns = header.split('\t');
  return lines.map((line, i) => {
    const cells = line.split('\t');
    const row = schema.safeParse(Object.fromEntries(columns.map((column, c) => [column, cells[c] ?? ''])));
    if (!row.success) throw new UsageError(`${name}, line ${i + 2}: ${z.prettifyError(row.error)}`);
    return row.data;
  });
}
