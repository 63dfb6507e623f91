import ort from 'onnxruntime-node';
import type { Networks } from '../model-networks.js';
import type { Embedded, ModelEncoder } from './model-encoder.js';
import type { Work } from './model-listener.js';
import { checkMetadata, sessionOptions } from './onnx-session.js';

/** Up to 4 segments of 3 s a run cost 5.9 ms each, one alone 6.6 ms, 16 at once 8.5 ms: they no longer fit the core's cache. */
const maxBatch = 4;

type SegmentNetwork = Extract<Networks, { form: 'whole segments' }>;

function check({ manifest }: SegmentNetwork, path: string, session: ort.InferenceSession): void {
  const { input, output, file } = manifest;
  const expected = ({ name, type, shape }: typeof input | typeof output): string =>
    `${name} ${type} [${shape.join(', ')}]`;
  checkMetadata(`${path}/${file}`, session, { input: [expected(input)], output: [expected(output)] });
}

/** A network that takes whole segments: overlapping ones go through it again and again. */
export class SpeakerEncoder implements ModelEncoder {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly network: SegmentNetwork,
  ) {}

  static async load(network: SegmentNetwork, path: string): Promise<SpeakerEncoder> {
    const session = await ort.InferenceSession.create(network.onnx, sessionOptions);
    check(network, path, session);
    return new SpeakerEncoder(session, network);
  }

  /** Inputs of the same length share a run. */
  async embed(works: readonly Work[]): Promise<Embedded[]> {
    const segments = works.filter((work) => work.form === 'whole segments');
    const embedded: Embedded[] = [];
    const lengths = new Set(segments.map(({ segment }) => segment.frames));
    for (const frames of lengths) {
      const indexes = [...segments.keys()].filter((i) => segments[i]?.segment.frames === frames);
      for (let from = 0; from < indexes.length; from += maxBatch) {
        const batch = indexes.slice(from, from + maxBatch).flatMap((i) => {
          const work = segments[i];
          return work ? [{ i, work }] : [];
        });
        const results = await this.run(
          batch.map(({ work }) => work.segment.mel),
          frames,
        );
        for (const [b, { i, work }] of batch.entries()) {
          const { startMs, endMs, netSpeechMs } = work;
          embedded[i] = { embedding: results[b] ?? new Float32Array(0), startMs, endMs, netSpeechMs };
        }
      }
    }
    return embedded;
  }

  private async run(mels: readonly Float32Array[], frames: number): Promise<Float32Array[]> {
    const { input, output } = this.network.manifest;
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
