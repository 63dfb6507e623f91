/**
 * Measures all of it and writes it down: `npm run bench [-- --only micro,calls,callsInt8,watchlist,peer]`, about eight minutes. Tables go into
 * docs/performance.md between its marks, pictures into docs/performance/. Parts that are left out keep nothing of earlier runs.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, placement } from './machine.js';
import { chartsOf } from './report/charts.js';
import { reportOf } from './report/markdown.js';
import type { Results } from './report/results.js';

const performancePage = 'docs/performance.md';
const pictures = 'docs/performance';
/** All that stands between them is this program's; the rest of the page is written by hand. */
const [BEGIN, END] = ['<!-- bench: written by npm run bench -->', '<!-- /bench -->'];

/** The default model's steps begin where it is at ease; the int8 one's lie higher, so that the run stays short. */
const scripts = {
  micro: ['./micro.js'],
  calls: ['./calls.js'],
  callsInt8: ['./calls.js', '--steps', '100,150,175,200,225,250', '--model', 'models/timbre-sv-8k-v1-int8'],
  watchlist: ['./watchlist.js'],
  peer: ['./peer/main.js'],
} as const;
type Part = keyof typeof scripts;

const { values } = parseArgs({
  options: { only: { type: 'string', default: Object.keys(scripts).join() } },
});
const wanted = new Set(values.only.split(','));
const before = machine();
const parts: Partial<Record<Part, unknown>> = {};
const problems: string[] = [];
for (const part of Object.keys(scripts) as Part[]) {
  if (!wanted.has(part)) {
    problems.push(`${part}: left out of this run`);
    continue;
  }
  process.stderr.write(`${part} …\n`);
  try {
    parts[part] = await measured(part);
  } catch (error) {
    problems.push(`${part}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const results = {
  machine: before.text,
  date: new Date().toISOString().slice(0, 10),
  loadAverages: { before: before.loadAverage, after: machine().loadAverage },
  ...parts,
  problems,
} as Results;

await mkdir(pictures, { recursive: true });
const charts = chartsOf(results);
for (const [name, svg] of Object.entries(charts)) await writeFile(`${pictures}/${name}`, svg);
await writePage(reportOf(results, new Set(Object.keys(charts))));
for (const problem of problems) process.stderr.write(`not measured: ${problem}\n`);
process.stderr.write(`written to ${performancePage}\n`);

/** A part is a process of its own, on one processor unless it sees to that itself. */
function measured(part: Part): Promise<unknown> {
  const [script, ...own] = scripts[part];
  const path = fileURLToPath(new URL(script, import.meta.url));
  const places = script === './calls.js' ? null : placement();
  const [program, args] =
    places === null
      ? [process.execPath, [path, ...own]]
      : ['taskset', ['-c', places.measured, process.execPath, path, ...own]];
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().split('\n').at(-1) ?? error.message));
      else resolve(JSON.parse(stdout));
    });
    child.stderr?.pipe(process.stderr, { end: false });
  });
}

async function writePage(text: string): Promise<void> {
  const page = await readFile(performancePage, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${performancePage} lacks its marks ${BEGIN} and ${END}`);
  const { format, resolveConfig } = await import('prettier');
  const whole = `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`;
  await writeFile(
    performancePage,
    await format(whole, { ...(await resolveConfig(performancePage)), parser: 'markdown' }),
  );
}
