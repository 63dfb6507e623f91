/**
 * Writes what the speaker network is given for recorded calls, so that int8 ranges can be fitted to it:
 * `npm run build && node dist/bench/int8/features.js --audio ../shared/speech/telephone-dev --out DIR`. What is in DIR comes from
 * people's voices: delete it afterwards. Then bench/int8/quantise.py.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseWav } from '../../src/core/audio/wav.js';
import { defaultSpeechDecision } from '../../src/core/speech/speech-decider.js';
import { readModelFolder } from '../../src/engine/model-folder.js';
import { defaultSegment } from '../../src/engine/threaded-engine.js';
import { AnalysisLoop } from '../../src/engine/worker/analysis-loop.js';
import type { StreamItem } from '../../src/engine/worker/messages.js';
import { SileroDetector } from '../../src/engine/worker/silero-detector.js';
import { SpeakerEncoder } from '../../src/engine/worker/speaker-encoder.js';
import { utterancesOf } from '../../tools/evaluate/heard.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    out: { type: 'string', default: '/tmp/timbre-int8' },
  },
});
const model = await readModelFolder(values.model);
const { hopSamples, sampleRateHz, bands } = model.frontEnd;
const frames = (ms: number): number => Math.round((ms * sampleRateHz) / 1000 / hopSamples);
const segment = {
  lengthFrames: frames(defaultSegment.lengthMs),
  hopFrames: frames(defaultSegment.hopMs),
  minFrames: model.manifest.minFrames,
  minNewFramesAtEnd: Infinity,
  bands: bands.length,
};
const id = model.manifest.id;
const lanes = new Map([[id, { frontEnd: model.frontEnd, segment, key: id }]]);
const detector = await SileroDetector.load();
const encoder = await SpeakerEncoder.load(model);
const given: Buffer[] = [];
const embed = encoder.embed.bind(encoder);
encoder.embed = (inputs) => {
  for (const { mel } of inputs) given.push(Buffer.from(mel.buffer, mel.byteOffset, mel.byteLength));
  return embed(inputs);
};

for (const call of await callsIn(values.audio)) await hear(await utterancesOf(values.audio, call));
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'mel.f32'), Buffer.concat(given));
process.stdout.write(
  `${given.length} segments of ${segment.lengthFrames} × ${segment.bands} in ${values.out}/mel.f32\n`,
);

async function callsIn(folder: string): Promise<string[]> {
  const table = (await readFile(join(folder, 'calls.tsv'), 'utf8')).trimEnd().split('\n').slice(1);
  return table.map((line) => line.split('\t').slice(0, 2).join('/'));
}

/** One call, through the worker's own loop. */
async function hear(files: readonly string[]): Promise<void> {
  const wavs = await Promise.all(
    files.map(async (file) => {
      const wav = parseWav(await readFile(file));
      if (wav.kind === 'refused') throw new Error(`${file}: ${wav.detail}`);
      return wav;
    }),
  );
  const [first] = wavs;
  if (!first) return;
  const items = wavs.map(({ data }): StreamItem => ({
    kind: 'audio',
    bytes: new Uint8Array(data),
    arrivedAtMs: 0,
  }));
  await new Promise<void>((resolve) => {
    let done = 0;
    const plan = { lanes, speech: defaultSpeechDecision };
    const loop = new AnalysisLoop(detector, new Map([[id, encoder]]), plan, (message) => {
      if (message.kind !== 'outputs') return;
      done += message.outputs.reduce((sum, { itemsDone }) => sum + itemsDone, 0);
      if (done === items.length) resolve();
    });
    const start = { positionMs: 0, netSpeechMs: 0 };
    loop.receive({
      kind: 'open',
      stream: 1,
      format: { ...first.format, callerChannel: 0 },
      start,
      models: [id],
    });
    loop.receive({ kind: 'items', items: items.map((item) => ({ stream: 1, item })) });
  });
}
