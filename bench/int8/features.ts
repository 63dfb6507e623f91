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
import { modelPlan } from '../../src/engine/worker/model-plan.js';
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
const { networks } = model;
if (networks.form !== 'whole segments') throw new Error(`${values.model} takes no whole segments`);
const id = model.manifest.id;
const wholeFrames = Math.round(
  (defaultSegment.lengthMs * model.frontEnd.sampleRateHz) / 1000 / model.frontEnd.hopSamples,
);
const models = new Map([[id, modelPlan(model, defaultSegment)]]);
const detector = await SileroDetector.load();
const encoder = await SpeakerEncoder.load(networks, model.path);
const given: Buffer[] = [];
const embed = encoder.embed.bind(encoder);
encoder.embed = (works) => {
  for (const work of works) {
    if (work.form !== 'whole segments' || work.segment.frames !== wholeFrames) continue;
    const { mel } = work.segment;
    given.push(Buffer.from(mel.buffer, mel.byteOffset, mel.byteLength));
  }
  return embed(works);
};

for (const call of await callsIn(values.audio)) await hear(await utterancesOf(values.audio, call));
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, 'mel.f32'), Buffer.concat(given));
process.stdout.write(
  `${given.length} segments of ${wholeFrames} × ${model.frontEnd.bands.length} in ${values.out}/mel.f32\n`,
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
    const plan = { models, speech: defaultSpeechDecision };
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
      evidenceWindowMs: undefined,
    });
    loop.receive({ kind: 'items', items: items.map((item) => ({ stream: 1, item })) });
  });
}
