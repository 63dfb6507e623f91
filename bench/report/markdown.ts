import type { CallsReport } from '../calls-report.js';
import type { MicroReport } from '../micro-report.js';
import { round } from '../numbers.js';
import type { PeerReport } from '../peer/peer-report.js';
import type { WatchlistReport, WatchlistRow } from '../watchlist-report.js';
import { goalsOf } from './goals.js';
import type { Results } from './results.js';
import { table } from './table.js';

/** The part of docs/performance.md that is measured. */
export function reportOf(results: Results, pictures: ReadonlySet<string>): string {
  const { machine, date, loadAverages, calls, callsInt8, micro, watchlist, peer, problems } = results;
  const picture = (file: string, says: string): string[] =>
    pictures.has(file) ? [`![${says}](performance/${file})`] : [];
  const parts = [
    `Measured on ${date} on ${machine}; load average ${loadAverages.before} before and ${loadAverages.after} after (what the run itself adds included).`,
    ...(problems.length > 0
      ? [`Not measured in this run:\n\n${problems.map((p) => `- ${p}`).join('\n')}`]
      : []),
    '## Goals',
    goalsTable(results),
    ...(calls
      ? ['## Live calls', callsText(calls), ...picture('calls.svg', 'Time to a decision by number of calls')]
      : []),
    ...(calls
      ? [
          '### Where the time goes',
          profileText(calls),
          ...picture('profile.svg', 'Processor time by purpose'),
        ]
      : []),
    ...(callsInt8
      ? [`### Live calls with ${callsInt8.model}`, callsText(callsInt8), profileText(callsInt8)]
      : []),
    ...(micro
      ? ['## Stages', microText(micro), ...picture('stages.svg', 'Processor time of each stage')]
      : []),
    ...(watchlist
      ? ['## Watchlist', watchlistText(watchlist), ...picture('watchlist.svg', 'Time of a search by entries')]
      : []),
    ...(peer ? ['## Beside another engine', peerText(peer)] : []),
  ];
  return parts.join('\n\n');
}

function goalsTable(results: Results): string {
  return table(
    ['goal', 'wanted', 'measured', ''],
    goalsOf(results).map(({ name, wanted, measured, met }) => [
      name,
      wanted,
      measured ?? 'not measured',
      met === null ? '' : met ? 'met' : '**missed**',
    ]),
  );
}

function callsText({ steps, startToReadyMs, rssBeforeMiB, secondsEach, onOneCore }: CallsReport): string {
  const rows = steps.map((step) => [
    String(step.calls),
    `${step.decisionMs.p50.toFixed(0)} / ${step.decisionMs.p95.toFixed(0)} / ${step.decisionMs.p99.toFixed(0)}`,
    step.serverDecisionP95Ms.toFixed(0),
    step.cpuMsPerCallSecond.toFixed(2),
    step.databaseCpuMsPerCallSecond?.toFixed(2) ?? '–',
    ((step.peakRssMiB - rssBeforeMiB) / step.calls).toFixed(2),
    String(step.droppedMs),
    step.callersLatenessMs.p95.toFixed(1),
    step.loadAverage.toFixed(1),
    step.kept ? '' : 'too many',
  ]);
  const where = onOneCore
    ? 'The service, its PostgreSQL included, had one core to itself; the callers had the rest.'
    : '**The service could not be held on one core here (taskset and a second core are needed), so nothing is per core.**';
  return [
    `${where} ${secondsEach} s measured a step, after 10 s in which calls gather speech. Start to ready: ${startToReadyMs.first} ms with the database still to be made, ${startToReadyMs.again} ms with it there. Resident memory before the first step: ${rssBeforeMiB.toFixed(0)} MiB.`,
    table(
      [
        'calls',
        'decision p50 / p95 / p99, ms',
        'p95 as the service tells it, ms',
        'CPU ms a call second',
        'PostgreSQL’s',
        'MiB a call',
        'dropped, ms',
        'callers late p95, ms',
        'load',
        '',
      ],
      rows,
      'r',
    ),
  ].join('\n\n');
}

function profileText({ profile }: CallsReport): string {
  const threads = profile.threads.filter(({ ms }) => Object.keys(ms).length > 0);
  const purposes = [...new Set(threads.flatMap(({ ms }) => Object.keys(ms)))];
  const of = (thread: (typeof threads)[number], purpose: string): number =>
    (thread.ms[purpose] ?? 0) / profile.callSeconds;
  const total = (purpose: string): number => threads.reduce((sum, thread) => sum + of(thread, purpose), 0);
  const sorted = purposes.sort((a, b) => total(b) - total(a));
  const rows = sorted.map((purpose) => [
    purpose,
    ...threads.map((thread) => of(thread, purpose).toFixed(2)),
    total(purpose).toFixed(2),
  ]);
  const sums = threads.map((thread) => sorted.reduce((sum, purpose) => sum + of(thread, purpose), 0));
  return [
    `Milliseconds a call second at ${profile.calls} calls, by V8's sampling profiler; profiling itself costs about a tenth more. "Native code" is C++ that the profiler saw no JavaScript beneath: sockets, the event loop, other threads waiting their turn. For the profile the service may use all cores, since the profiler's clock needs one beside it.`,
    table(
      ['', ...threads.map(({ thread }) => thread), 'all'],
      [...rows, ['sum', ...sums.map((ms) => ms.toFixed(2)), sums.reduce((a, b) => a + b, 0).toFixed(2)]],
      'r',
    ),
  ].join('\n\n');
}

function microText({ stages, whole }: MicroReport): string {
  return [
    table(
      ['stage', 'CPU ms a second of audio'],
      stages.map(({ stage, msPerSecond }) => [stage, msPerSecond.toFixed(3)]),
      'r',
    ),
    `The whole pipeline from bytes to embeddings, ${whole.callsAtOnce} recordings at once (${whole.audioSeconds} s of audio, ${whole.netSpeechSeconds} s of it speech, ${whole.embeddings} embeddings): ${whole.cpuMsPerSecond.toFixed(2)} ms of one core a second of audio, of which its ONNX runs (of the same batches, in turns as the pipeline makes them) and FFTs alone are ${whole.networksAndFftsMsPerSecond.toFixed(2)} ms: **${whole.ratio.toFixed(2)} times**.`,
  ].join('\n\n');
}

function watchlistText({ rows }: WatchlistReport): string {
  const sizes = [...new Set(rows.map(({ entries }) => entries))];
  const cell = (entries: number, way: WatchlistRow['way'], batch: number): string => {
    const row = rows.find((one) => one.entries === entries && one.way === way && one.batch === batch);
    return row ? `${row.msPerSegmentP50.toFixed(2)} (${row.msPerSegmentP95.toFixed(2)})` : '–';
  };
  const mib = (entries: number): string =>
    rows.find((row) => row.entries === entries && row.way === 'matrix')?.mib.toFixed(0) ?? '–';
  return [
    'Milliseconds a segment, p50 (p95), exact search; alone and eight segments at once.',
    table(
      [
        'entries',
        'search, alone',
        'eight',
        'to the thread and back, alone',
        'eight',
        'plain loop, float32',
        'MiB',
      ],
      sizes.map((entries) => [
        entries.toLocaleString('en-GB'),
        cell(entries, 'matrix', 1),
        cell(entries, 'matrix', 8),
        cell(entries, 'thread', 1),
        cell(entries, 'thread', 8),
        cell(entries, 'loop', 1),
        mib(entries),
      ]),
      'r',
    ),
  ].join('\n\n');
}

function peerText({
  peer,
  audioSeconds,
  ours,
  theirs,
  cpuMsPerSecond,
  ratio,
  ratioPerEmbedding,
}: PeerReport): string {
  const row = (name: string, side: typeof ours, ms: number): string[] => [
    name,
    ms.toFixed(2),
    String(side.embeddings),
    String(round(side.netSpeechMs / 1000, 0)),
  ];
  return [
    `${audioSeconds} s of the same recordings on the same core, in turns.`,
    table(
      ['', 'CPU ms a second of audio', 'embeddings', 's of speech found'],
      [row('Timbre’s engine', ours, cpuMsPerSecond.ours), row(peer, theirs, cpuMsPerSecond.theirs)],
      'r',
    ),
    `Timbre uses **${ratio.toFixed(2)} times** the peer's processor time, ${ratioPerEmbedding.toFixed(2)} times for each embedding.`,
  ].join('\n\n');
}
