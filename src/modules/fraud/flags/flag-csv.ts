import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { ListedFlag } from './flag-listed.js';

const columns = [
  'flagId',
  'severity',
  'state',
  'createdAt',
  'decideBy',
  'updatedAt',
  'assignee',
  'customerId',
  'callId',
  'callOpenedAt',
  'numberHash',
  'callsOfCustomer',
  'policyVersion',
  'reasons',
  'texts',
] as const;

/** RFC 4180 with a line of names. What a spreadsheet would take for a formula is kept from being one. */
export function csvOf(flags: AsyncIterable<ListedFlag>): Readable {
  const text = stringify({
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
  });
  return pipeline(Readable.from(rowsOf(flags)), text, () => undefined);
}

export function linesOf(flags: AsyncIterable<ListedFlag>): Readable {
  return Readable.from(jsonLines(flags));
}

async function* rowsOf(flags: AsyncIterable<ListedFlag>): AsyncGenerator<string[]> {
  for await (const flag of flags) {
    const cells: Readonly<Record<(typeof columns)[number], string | number | null>> = {
      flagId: flag.flagId,
      severity: flag.severity,
      state: flag.state,
      createdAt: flag.createdAt,
      decideBy: flag.decideBy,
      updatedAt: flag.updatedAt,
      assignee: flag.assignee,
      customerId: flag.customerId,
      callId: flag.callId,
      callOpenedAt: flag.call.openedAt,
      numberHash: flag.call.numberHash,
      callsOfCustomer: flag.callsOfCustomer,
      policyVersion: flag.policyVersion,
      reasons: flag.reasons.map(({ code }) => code).join(' '),
      texts: flag.reasons.map(({ text }) => text).join('\n'),
    };
    yield columns.map((column) => String(cells[column] ?? ''));
  }
}

async function* jsonLines(flags: AsyncIterable<ListedFlag>): AsyncGenerator<string> {
  for await (const flag of flags) yield `${JSON.stringify(flag)}\n`;
}
