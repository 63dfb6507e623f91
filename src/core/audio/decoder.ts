import { readAlaw, readMulaw } from './g711.js';
import { readL16 } from './pcm.js';
import { Averager, Resampler } from './resample.js';
import type { SampleReader } from './sample-reader.js';
import { Scratch } from './scratch.js';
import { bytesPerFrame, type AudioEncoding, type StreamFormat } from './stream-format.js';

const readers: Record<AudioEncoding, SampleReader> = { mulaw: readMulaw, alaw: readAlaw, l16: readL16 };

const NOTHING = new Uint8Array(0);

/** Good until the decoder's next call, which uses the same arrays again. */
export interface DecodedAudio {
  readonly caller: Float32Array;
  /** The other channel, sample for sample beside the caller's, coarsely resampled: good for telling echo, not for a voice. */
  readonly agent?: Float32Array;
}

/** A stream's bytes to its channels at 8 kHz; a frame split between two chunks is put together again. */
export class StreamDecoder {
  private readonly frameBytes: number;
  private readonly resampler: Resampler;
  private readonly averager: Averager;
  private readonly wide = { caller: new Scratch(), agent: new Scratch() };
  private readonly agent = new Scratch();
  private rest = NOTHING;

  constructor(private readonly format: StreamFormat) {
    this.frameBytes = bytesPerFrame(format);
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
    this.rest = whole === bytes.length ? NOTHING : bytes.slice(whole);
    const { encoding, channels, callerChannel } = this.format;
    const wide = this.wide.caller.of(frames);
    readers[encoding](bytes, wide, channels, callerChannel);
    const caller = this.resampler.process(wide);
    if (channels === 1) return { caller };
    const wideAgent = this.wide.agent.of(frames);
    readers[encoding](bytes, wideAgent, channels, 1 - callerChannel);
    return { caller, agent: this.averager.process(wideAgent, this.agent.of(caller.length)) };
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.rest = NOTHING;
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
