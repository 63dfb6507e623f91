/**
 * The peer's side, a process of its own: sherpa-onnx finds the speech and embeds 3 s of it every 1 s of new speech, call after
 * call, on one thread. Prints one line of JSON. Arguments: folder with the network, WAV files.
 */

import { createRequire } from 'node:module';
import { readCallAudio } from '../../tools/call/call-audio.js';

interface Sherpa {
  SpeakerEmbeddingExtractor: new (config: object) => {
    createStream(): { acceptWaveform(wave: object): void; inputFinished(): void };
    compute(stream: object, enableExternalBuffer: boolean): Float32Array;
  };
  Vad: new (
    config: object,
    bufferSeconds: number,
  ) => {
    acceptWaveform(samples: Float32Array): void;
    flush(): void;
    isEmpty(): boolean;
    front(enableExternalBuffer: boolean): { samples: Float32Array };
    pop(): void;
    reset(): void;
  };
}

const segmentSamples = 24_000;
const hopSamples = 8_000;
/** What sherpa's Silero takes: windows of 512 samples at 16 kHz, no other rate. */
const vadWindow = 512;

const [packages = '', network = '', silero = '', ...files] = process.argv.slice(2);
const sherpa = createRequire(packages)('sherpa-onnx-node') as Sherpa;
const extractor = new sherpa.SpeakerEmbeddingExtractor({ model: network, numThreads: 1, debug: false });
const vad = new sherpa.Vad(
  {
    sileroVad: {
      model: silero,
      threshold: 0.5,
      minSilenceDuration: 0.064,
      minSpeechDuration: 0.064,
      windowSize: vadWindow,
      maxSpeechDuration: 60,
    },
    sampleRate: 16_000,
    numThreads: 1,
    debug: false,
  },
  120,
);
const calls = await Promise.all(
  files.map(async (file) => {
    const { channels } = await readCallAudio([file], {});
    // Doubled beforehand and not counted: that Silero wants 16 kHz there is not held against the peer.
    return Float32Array.from({ length: channels[0].length * 2 }, (_, i) => channels[0][i >> 1] ?? 0);
  }),
);

let embeddings = 0;
let netSpeechMs = 0;
const speechOf = (call: Float32Array): Float32Array => {
  for (let at = 0; at + vadWindow <= call.length; at += vadWindow) {
    vad.acceptWaveform(call.slice(at, at + vadWindow));
  }
  vad.flush();
  const pieces: Float32Array[] = [];
  while (!vad.isEmpty()) {
    pieces.push(vad.front(false).samples);
    vad.pop();
  }
  vad.reset();
  const speech = new Float32Array(pieces.reduce((sum, { length }) => sum + length / 2, 0));
  let at = 0;
  for (const piece of pieces) for (let i = 0; i < piece.length; i += 2) speech[at++] = piece[i] ?? 0;
  return speech;
};
const embed = (speech: Float32Array): void => {
  for (let from = 0; from + segmentSamples <= speech.length; from += hopSamples) {
    const stream = extractor.createStream();
    stream.acceptWaveform({ samples: speech.slice(from, from + segmentSamples), sampleRate: 8000 });
    stream.inputFinished();
    extractor.compute(stream, false);
    embeddings += 1;
  }
};

const [warm] = calls;
if (warm) embed(speechOf(warm));
embeddings = 0;
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const [beganCpuMs, beganMs] = [cpuMs(), performance.now()];
let vadMs = 0;
for (const call of calls) {
  const from = performance.now();
  const speech = speechOf(call);
  vadMs += performance.now() - from;
  netSpeechMs += speech.length / 8;
  embed(speech);
}
console.log(
  JSON.stringify({
    cpuMs: cpuMs() - beganCpuMs,
    wallMs: performance.now() - beganMs,
    vadMs,
    embeddings,
    netSpeechMs,
    audioMs: calls.reduce((sum, { length }) => sum + length / 16, 0),
  }),
);
