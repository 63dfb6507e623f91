/** What each stage costs per second of audio, and how much more than its networks and FFTs the whole costs: `npm run bench:micro`. Prints JSON. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { StreamDecoder } from '../src/core/audio/decoder.js';
import type { AudioEncoding, StreamFormat } from '../src/core/audio/stream-format.js';
import { parseWav } from '../src/core/audio/wav.js';
import { planFrontEnd } from '../src/core/features/front-end-plan.js';
import { MelFrontEnd } from '../src/core/features/mel-front-end.js';
import { PairedSpectra } from '../src/core/features/paired-spectra.js';
import { measureWindow } from '../src/core/speech/window-level.js';
import { readModelFolder, type ModelFolder } from '../src/engine/model-folder.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { encoders } from '../tools/call/call-audio.js';
import type { MicroReport } from './micro-report.js';
import { median, round } from './numbers.js';

const modelDir = 'models/timbre-sv-8k-v1';
const int8ModelDir = 'models/timbre-sv-8k-v1-int8';
const silero = 'models/silero-vad-v5-8k/model.onnx';
const rateHz = 8000;
const vadWindow = 256;
const oneThread = { intraOpNumThreads: 1, interOpNumThreads: 1 };

const calls = await Promise.all(
  (await readdir('samples/speech', { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      ['call-1', 'call-2', 'enrol-1', 'enrol-2'].map((file) => join(name, `${file}.wav`)),
    )
    .map(async (file) => {
      const wav = parseWav(await readFile(join('samples/speech', file)));
      if (wav.kind === 'refused') throw new Error(`${file}: ${wav.detail}`);
      return wav;
    }),
);
const samples = new StreamDecoder({ ...format('l16', rateHz) }).decode(
  Buffer.concat(calls.map(({ data }) => data)),
);
const seconds = samples.length / rateHz;
const model = await readModelFolder(modelDir);
const plan = planFrontEnd(model.manifest.frontEnd);
const bands = plan.bands.length;
const frames = Math.round((3 * rateHz) / plan.hopSamples) - 2;
const vadSession = await ort.InferenceSession.create(silero, oneThread);
const vad: Record<string, number> = {};
for (const batch of [1, 4, 16, 64]) {
  const feed = vadFeed(batch);
  vad[`batch ${String(batch)}`] = (await cpuMsOf(200, () => vadSession.run(feed))) / batch;
}
const encoder = await segmentNetwork(model);
const embedding = await embeddingMs(encoder);
const int8 = await readModelFolder(int8ModelDir);
const embeddingInt8 = await embeddingMs(await segmentNetwork(int8));
const chunk = samples.subarray(0, 30 * rateHz);
const spectra = new PairedSpectra(plan);
spectra.first.set(chunk.subarray(0, plan.frameSamples));
spectra.second.set(chunk.subarray(plan.hopSamples, plan.hopSamples + plan.frameSamples));
const fftMs =
  (await cpuMsOf(20, () => {
    for (let at = 0; at + plan.fftSamples <= chunk.length; at += 2 * plan.hopSamples) spectra.transform();
  })) / 30;
const stages = {
  'decode µ-law 8 kHz': await decoding('mulaw', 8000),
  'decode L16 16 kHz → 8 kHz': await decoding('l16', 16000),
  'decode L16 48 kHz → 8 kHz': await decoding('l16', 48000),
  'signal level of VAD windows':
    (await cpuMsOf(20, () => {
      for (let at = 0; at + vadWindow <= chunk.length; at += vadWindow)
        measureWindow(chunk.subarray(at, at + vadWindow));
    })) / 30,
  'FFT alone (Meyda, two frames in each)': fftMs,
  'mel front end': (await cpuMsOf(20, () => new MelFrontEnd(plan).process(chunk))) / 30,
  'VAD network, 1 call': ((vad['batch 1'] ?? NaN) * rateHz) / vadWindow,
  'VAD network, 16 calls at once': ((vad['batch 16'] ?? NaN) * rateHz) / vadWindow,
  'VAD network, 64 calls at once': ((vad['batch 64'] ?? NaN) * rateHz) / vadWindow,
  'speaker network, per second of new speech, alone': embedding.alone,
  'speaker network, per second of new speech, 4 at once': embedding.four,
  'int8 speaker network, per second of new speech, alone': embeddingInt8.alone,
  'int8 speaker network, per second of new speech, 4 at once': embeddingInt8.four,
};

const engine = await createEngine({ modelDir: modelDir, workers: 1 });
await pipeline(calls.slice(0, 2));
const rounds = [await pipeline(calls), await pipeline(calls), await pipeline(calls)];
await engine.shutdown();
const cpuMs = median(rounds.map((whole) => whole.cpuMs));
const { segments, netSpeechMs } = rounds[0] ?? { segments: NaN, netSpeechMs: NaN };
const rawMs = seconds * (await networksMs(calls.length, segments / seconds)) + (netSpeechMs / 1000) * fftMs;
const report: MicroReport = {
  stages: Object.entries(stages).map(([stage, ms]) => ({ stage, msPerSecond: round(ms, 3) })),
  whole: {
    audioSeconds: Math.round(seconds),
    netSpeechSeconds: Math.round(netSpeechMs / 1000),
    callsAtOnce: calls.length,
    embeddings: segments,
    cpuMsPerSecond: round(cpuMs / seconds),
    networksAndFftsMsPerSecond: round(rawMs / seconds),
    ratio: round(cpuMs / rawMs),
  },
};
process.stdout.write(`${JSON.stringify(report)}\n`);

/**
 * The two networks alone, for one second of audio of each of so many calls at once, in turns as the pipeline runs them: alone
 * each would keep its weights in the core's cache.
 */
async function networksMs(callsAtOnce: number, segmentsPerSecond: number): Promise<number> {
  const rounds = 16;
  const audioSeconds = (rounds * callsAtOnce * vadWindow) / rateHz;
  const due = Math.round(audioSeconds * segmentsPerSecond);
  const runs = Math.ceil(due / 4);
  const listen = vadFeed(callsAtOnce);
  const speak = Array.from({ length: runs }, (_, run) => speakerFeed(Math.min(4, due - 4 * run)));
  const cycleMs = await cpuMsOf(15, async () => {
    let run = 0;
    for (let round = 1; round <= rounds; round++) {
      await vadSession.run(listen);
      for (; run < (runs * round) / rounds; run++) await encoder.run(speak[run] ?? {});
    }
  });
  return cycleMs / audioSeconds;
}

async function pipeline(of: typeof calls): Promise<{ segments: number; netSpeechMs: number; cpuMs: number }> {
  let segments = 0;
  let netSpeechMs = 0;
  const began = process.cpuUsage();
  await Promise.all(
    of.map(async (call) => {
      const request = { format: { ...call.format, callerChannel: 0 as const }, maxWaitingMs: 0 };
      let heardMs = 0;
      const stream = engine.open(request, (event) => {
        if (event.kind === 'segment') segments += 1;
        if (event.kind === 'progress') heardMs = event.netSpeechMs;
      });
      stream.push(call.data);
      await stream.flush();
      stream.close();
      netSpeechMs += heardMs;
    }),
  );
  const { user, system } = process.cpuUsage(began);
  return { segments, netSpeechMs, cpuMs: (user + system) / 1000 };
}

/** A segment's, by itself and of four in one run. */
async function embeddingMs(network: ort.InferenceSession): Promise<{ alone: number; four: number }> {
  const [one, four] = [speakerFeed(1), speakerFeed(4)];
  return {
    alone: await cpuMsOf(100, () => network.run(one)),
    four: (await cpuMsOf(100, () => network.run(four))) / 4,
  };
}

function segmentNetwork({ networks, path }: ModelFolder): Promise<ort.InferenceSession> {
  if (networks.form !== 'whole segments') throw new Error(`${path} takes no whole segments`);
  return ort.InferenceSession.create(networks.onnx, oneThread);
}

function vadFeed(batch: number): ort.InferenceSession.FeedsType {
  return {
    input: new ort.Tensor('float32', new Float32Array(batch * 288).fill(0.01), [batch, 288]),
    state: new ort.Tensor('float32', new Float32Array(2 * batch * 128), [2, batch, 128]),
  };
}

function speakerFeed(batch: number): ort.InferenceSession.FeedsType {
  const mel = Float32Array.from({ length: batch * frames * bands }, (_, i) => 1 + Math.sin(i));
  return { mel: new ort.Tensor('float32', mel, [batch, frames, bands]) };
}

async function decoding(encoding: AudioEncoding, sampleRateHz: number): Promise<number> {
  const bytes = encoders[encoding](new Float32Array(sampleRateHz * 10).map((_, i) => Math.sin(i / 9) / 2));
  const whole = format(encoding, sampleRateHz);
  return (
    (await cpuMsOf(20, () => {
      const decoder = new StreamDecoder(whole);
      const packet = bytes.length / 500;
      for (let at = 0; at < bytes.length; at += packet) decoder.decode(bytes.subarray(at, at + packet));
    })) / 10
  );
}

function format(encoding: StreamFormat['encoding'], sampleRateHz: number): StreamFormat {
  return { encoding, sampleRateHz, channels: 1, callerChannel: 0 };
}

/** Processor time, not wall time: whatever else the machine does stays out of it. */
async function cpuMsOf(times: number, work: () => unknown): Promise<number> {
  for (let i = 0; i < 3; i++) await work();
  const began = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / times;
}
