import { readAlaw, readMulaw } from './g711.js';
import { g722Reader } from './g722.js';
import { gsmReader } from './gsm/gsm-decoder.js';
import { readL16 } from './pcm.js';
import { readF32, readF64, readL24, readL32, readU8 } from './recorded-samples.js';
import { Averager, Resampler } from './resample.js';
import type { SampleReader } from './sample-reader.js';
import { Scratch } from './scratch.js';
import { bytesPerFrame, samplesPerFrame, type SampleEncoding, type StreamFormat } from './stream-format.js';

/** One for each channel of a stream: some remember what came before. */
const readers: Record<SampleEncoding, () => SampleReader> = {
  mulaw: () => readMulaw,
  alaw: () => readAlaw,
  l16: () => readL16,
  u8: () => readU8,
  l24: () => readL24,
  l32: () => readL32,
  f32: () => readF32,
  f64: () => readF64,
  gsm: gsmReader,
  g722: g722Reader,
};

const nothing = new Uint8Array(0);

/** One channel of a recording as it was sampled. */
export function decodeChannel(bytes: Uint8Array, format: StreamFormat): Float32Array {
  const frames = Math.floor(bytes.length / bytesPerFrame(format));
  const samples = new Float32Array(frames * samplesPerFrame(format));
  readers[format.encoding]()(bytes, samples, format.channels, format.callerChannel);
  return samples;
}

/** Good until the decoder's next call, which uses the same arrays again. */
export interface DecodedAudio {
  readonly caller: Float32Array;
  /** The other channel, sample for sample beside the caller's, coarsely resampled: good for telling echo, not for a voice. */
  readonly agent?: Float32Array;
}

/** A stream's bytes to its channels at 8 kHz; a frame split between two chunks is put together again. */
export class StreamDecoder {
  private readonly frameBytes: number;
  private readCaller: SampleReader;
  private readAgent: SampleReader;
  private readonly resampler: Resampler;
  private readonly averager: Averager;
  private readonly wide = { caller: new Scratch(), agent: new Scratch() };
  private readonly agent = new Scratch();
  private rest = nothing;

  constructor(private readonly format: StreamFormat) {
    this.frameBytes = bytesPerFrame(format);
    this.readCaller = readers[format.encoding]();
    this.readAgent = readers[format.encoding]();
    this.resampler = new Resampler(format.sampleRateHz);
    this.averager = new Averager(format.sampleRateHz);
  }

  /** The caller's channel alone. */
  decode(chunk: Uint8Array): Float32Array {
    return this.decodeBoth(chunk).caller;
  }

  decodeBoth(chunk: Uint8Array): DecodedAudio {
    const bytes = this.withRest(chunk);
    const frames = Math.floor(bytes.length / this.frameBytes);
    const whole = frames * this.frameBytes;
    this.rest = whole === bytes.length ? nothing : bytes.slice(whole);
    const { channels, callerChannel } = this.format;
    const samples = frames * samplesPerFrame(this.format);
    const wide = this.wide.caller.of(samples);
    this.readCaller(bytes, wide, channels, callerChannel);
    const caller = this.resampler.process(wide);
    if (channels === 1) return { caller };
    const wideAgent = this.wide.agent.of(samples);
    this.readAgent(bytes, wideAgent, channels, 1 - callerChannel);
    return { caller, agent: this.averager.process(wideAgent, this.agent.of(caller.length)) };
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.rest = nothing;
    this.readCaller = readers[this.format.encoding]();
    this.readAgent = readers[this.format.encoding]();
    this.resampler.reset();
    this.averager.reset();
  }

  private withRest(chunk: Uint8Array): Uint8Array {
    if (this.rest.length === 0) return chunk;
    const bytes = new Uint8Array(this.rest.length + chunk.length);
    bytes.set(this.rest);
    bytes.set(chunk, this.rest.length);
    return bytes;
  }
}
