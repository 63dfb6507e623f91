/**
 * Timbre's side of the comparison, a process of its own: the same calls through the analysis engine with one worker, all at
 * once as live calls are, from decoding to embedding. Prints one line of JSON. Arguments: WAV files.
 */
import { readFile } from 'node:fs/promises';
import { parseWav } from '../../src/core/audio/wav.js';
import { createEngine } from '../../src/engine/threaded-engine.js';

const files = process.argv.slice(2);
const engine = await createEngine({ modelDir: 'models/timbre-sv-8k-v1', workers: 1 });
const calls = await Promise.all(
  files.map(async (file) => {
    const wav = parseWav(await readFile(file));
    if (wav.kind === 'refused') throw new Error(`${file}: ${wav.detail}`);
    return wav;
  }),
);
let embeddings = 0;
let netSpeechMs = 0;
const play = async ({ data, format }: (typeof calls)[number]): Promise<void> => {
  let heardMs = 0;
  const stream = engine.open({ format: { ...format, callerChannel: 0 }, maxWaitingMs: 0 }, (event) => {
    if (event.kind === 'segment') embeddings += 1;
    else if (event.kind === 'progress') heardMs = event.netSpeechMs;
  });
  stream.push(data);
  await stream.flush();
  stream.close();
  netSpeechMs += heardMs;
};

const [warm] = calls;
if (warm) await play(warm);
[embeddings, netSpeechMs] = [0, 0];
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const [beganCpuMs, beganMs] = [cpuMs(), performance.now()];
await Promise.all(calls.map(play));
console.log(
  JSON.stringify({
    cpuMs: cpuMs() - beganCpuMs,
    wallMs: performance.now() - beganMs,
    embeddings,
    netSpeechMs,
    audioMs: calls.reduce(
      (sum, { data, format }) =>
        sum +
        (data.length / (format.encoding === 'l16' ? 2 : 1) / format.channels / format.sampleRateHz) * 1000,
      0,
    ),
  }),
);
await engine.shutdown();
