import ort from 'onnxruntime-node';
import { ModelRefusedError, type ModelFolder } from '../model-folder.js';
import { sessionOptions } from './onnx-session.js';

export interface EncoderInput {
  /** frames × bands. */
  readonly mel: Float32Array;
  readonly frames: number;
}

/** Up to 4 segments of 3 s a run cost 5.9 ms each, one alone 6.6 ms, 16 at once 8.5 ms: they no longer fit the core's cache. */
const MAX_BATCH = 4;

/** Symbolic sizes go by their name, fixed ones by their number. */
function describe(value: ort.InferenceSession.ValueMetadata | undefined): string {
  return value?.isTensor === true ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : 'no tensor';
}

function checkSession(model: ModelFolder, session: ort.InferenceSession): void {
  const { input, output, file } = model.manifest;
  const sides = [
    ['input', input, session.inputMetadata],
    ['output', output, session.outputMetadata],
  ] as const;
  for (const [side, wanted, found] of sides) {
    const expected = `${wanted.name} ${wanted.type} [${wanted.shape.join(', ')}]`;
    const actual = found.map(describe).join(' and ');
    if (actual !== expected)
      throw new ModelRefusedError(`${model.path}/${file}`, `${side}: expected ${expected}, found ${actual}`);
  }
}

export class SpeakerEncoder {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly model: ModelFolder,
  ) {}

  static async load(model: ModelFolder): Promise<SpeakerEncoder> {
    const session = await ort.InferenceSession.create(model.onnx, sessionOptions);
    checkSession(model, session);
    return new SpeakerEncoder(session, model);
  }

  /** Embeddings in the order of the inputs; inputs of the same length share a run. */
  async embed(inputs: readonly EncoderInput[]): Promise<Float32Array[]> {
    const embeddings: Float32Array[] = [];
    const lengths = new Set(inputs.map((input) => input.frames));
    for (const frames of lengths) {
      const indexes = [...inputs.keys()].filter((i) => inputs[i]?.frames === frames);
      for (let from = 0; from < indexes.length; from += MAX_BATCH) {
        const batch = indexes.slice(from, from + MAX_BATCH);
        const results = await this.run(
          batch.map((i) => inputs[i]?.mel ?? new Float32Array(0)),
          frames,
        );
        for (const [b, i] of batch.entries()) embeddings[i] = results[b] ?? new Float32Array(0);
      }
    }
    return embeddings;
  }

  private async run(mels: readonly Float32Array[], frames: number): Promise<Float32Array[]> {
    const { input, output } = this.model.manifest;
    const bands = input.shape[2];
    const size = output.shape[1];
    const data = new Float32Array(mels.length * frames * bands);
    for (const [i, mel] of mels.entries()) data.set(mel, i * frames * bands);
    const results = await this.session.run({
      [input.name]: new ort.Tensor('float32', data, [mels.length, frames, bands]),
    });
    const all = results[output.name]?.data as Float32Array;
    return mels.map((_, i) => all.slice(i * size, (i + 1) * size));
  }
}
