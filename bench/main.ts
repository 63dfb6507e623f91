/**
 * Measures all of it and writes it down: `npm run bench [-- --only micro,calls,watchlist,peer]`, about seven minutes. Tables go into
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

const PAGE = 'docs/performance.md';
const PICTURES = 'docs/performance';
/** All that stands between them is this program's; the rest of the page is written by hand. */
const [BEGIN, END] = ['<!-- bench: written by npm run bench -->', '<!-- /bench -->'];

const scripts = {
  micro: './micro.js',
  calls: './calls.js',
  watchlist: './watchlist.js',
  peer: './peer/main.js',
};
type Part = keyof typeof scripts;

const { values } = parseArgs({
  options: { only: { type: 'string', default: Object.keys(scripts).join() } },
});
const wanted = new Set(values.only.split(','));
const before = machine();
const parts: Partial<Record<Part, unknown>> = {};
const problems: string[] = [];
for (const [part, script] of Object.entries(scripts) as [Part, string][]) {
  if (!wanted.has(part)) {
    problems.push(`${part}: left out of this run`);
    continue;
  }
  process.stderr.write(`${part} …\n`);
  try {
    parts[part] = await measured(part, script);
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

await mkdir(PICTURES, { recursive: true });
const charts = chartsOf(results);
for (const [name, svg] of Object.entries(charts)) await writeFile(`${PICTURES}/${name}`, svg);
await writePage(reportOf(results, new Set(Object.keys(charts))));
for (const problem of problems) process.stderr.write(`not measured: ${problem}\n`);
process.stderr.write(`written to ${PAGE}\n`);

/** A part is a process of its own, on one processor unless it sees to that itself. */
function measured(part: Part, script: string): Promise<unknown> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const places = part === 'calls' ? null : placement();
  const [program, args] =
    places === null
      ? [process.execPath, [path]]
      : ['taskset', ['-c', places.measured, process.execPath, path]];
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().split('\n').at(-1) ?? error.message));
      else resolve(JSON.parse(stdout));
    });
    child.stderr?.pipe(process.stderr, { end: false });
  });
}

async function writePage(text: string): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} lacks its marks ${BEGIN} and ${END}`);
  const { format, resolveConfig } = await import('prettier');
  const whole = `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`;
  await writeFile(PAGE, await format(whole, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}
