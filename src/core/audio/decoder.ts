import { decodeAlaw, decodeMulaw } from './g711.js';
import { decodeL16, takeChannel } from './pcm.js';
import { Decimator } from './resample.js';
import { bytesPerFrame, type AudioEncoding, type StreamFormat } from './stream-format.js';

const decoders: Record<AudioEncoding, (bytes: Uint8Array) => Float32Array> = {
  mulaw: decodeMulaw,
  alaw: decodeAlaw,
  l16: decodeL16,
};

/** A stream's bytes to the caller's channel at 8 kHz; a frame split between two chunks is put together again. */
export class StreamDecoder {
  private readonly frameBytes: number;
  private readonly decimator: Decimator | undefined;
  private rest = new Uint8Array(0);

  constructor(private readonly format: StreamFormat) {
    this.frameBytes = bytesPerFrame(format);
    const factor = format.sampleRateHz / 8000;
    this.decimator = factor === 1 ? undefined : new Decimator(format.sampleRateHz, factor);
  }

  decode(chunk: Uint8Array): Float32Array {
    const bytes = this.withRest(chunk);
    const whole = bytes.length - (bytes.length % this.frameBytes);
    this.rest = bytes.slice(whole);
    const interleaved = decoders[this.format.encoding](bytes.subarray(0, whole));
    const caller = takeChannel(interleaved, this.format.channels, this.format.callerChannel);
    return this.decimator?.process(caller) ?? caller;
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.rest = new Uint8Array(0);
    this.decimator?.reset();
  }

  private withRest(chunk: Uint8Array): Uint8Array {
    if (this.rest.length === 0) return chunk;
    const bytes = new Uint8Array(this.rest.length + chunk.length);
    bytes.set(this.rest);
    bytes.set(chunk, this.rest.length);
    return bytes;
  }
}
