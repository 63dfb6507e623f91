import type { Results } from './results.js';

export interface Goal {
  readonly name: string;
  readonly wanted: string;
  /** Null: not measured. */
  readonly measured: string | null;
  readonly met: boolean | null;
}

/** Issue 4: what the operations team pays for. */
export function goalsOf({ calls, callsInt8, micro, watchlist }: Results): Goal[] {
  const last = calls?.steps.findLast(({ kept }) => kept);
  const memoryMiB = last && calls ? (last.peakRssMiB - calls.rssBeforeMiB) / last.calls : undefined;
  const readyMs = calls && Math.max(calls.startToReadyMs.first, calls.startToReadyMs.again);
  const searchMs = watchlist?.rows.find(
    ({ entries, way, batch }) => entries === 100_000 && way === 'thread' && batch === 1,
  )?.msPerSegmentP50;
  return [
    goal('live calls on one core', '150 or more', last?.calls, (n) => n >= 150, String),
    goal(
      'the same with the int8 model',
      '150 or more',
      callsInt8?.steps.findLast(({ kept }) => kept)?.calls,
      (n) => n >= 150,
      String,
    ),
    goal(
      'the whole pipeline against its ONNX runs and FFTs',
      '1.15 times or less',
      micro?.whole.ratio,
      (ratio) => ratio <= 1.15,
      (ratio) => `${ratio.toFixed(2)} times`,
    ),
    goal('one search of a watchlist of 100,000', '5 ms or less', searchMs, (ms) => ms <= 5, milliseconds),
    goal(
      'memory of a live call',
      '2 MiB or less',
      memoryMiB,
      (mib) => mib <= 2,
      (mib) => `${mib.toFixed(2)} MiB`,
    ),
    goal(
      'start to ready, the database made on the way',
      '5 s or less',
      readyMs,
      (ms) => ms <= 5000,
      milliseconds,
    ),
  ];
}

function goal(
  name: string,
  wanted: string,
  value: number | undefined,
  isMet: (value: number) => boolean,
  say: (value: number) => string,
): Goal {
  if (value === undefined || Number.isNaN(value)) return { name, wanted, measured: null, met: null };
  return { name, wanted, measured: say(value), met: isMet(value) };
}

function milliseconds(ms: number): string {
  return ms < 100 ? `${ms.toFixed(2)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
