import { decodeAlaw, decodeMulaw } from './g711.js';
import { decodeL16, takeChannel } from './pcm.js';
import { Averager, Decimator } from './resample.js';
import { bytesPerFrame, type AudioEncoding, type StreamFormat } from './stream-format.js';

const decoders: Record<AudioEncoding, (bytes: Uint8Array) => Float32Array> = {
  mulaw: decodeMulaw,
  alaw: decodeAlaw,
  l16: decodeL16,
};

export interface DecodedAudio {
  readonly caller: Float32Array;
  /** The other channel, sample for sample beside the caller's, coarsely resampled: good for telling echo, not for a voice. */
  readonly agent?: Float32Array;
}

/** A stream's bytes to its channels at 8 kHz; a frame split between two chunks is put together again. */
export class StreamDecoder {
  private readonly frameBytes: number;
  private readonly decimator: Decimator | undefined;
  private readonly agentAverager: Averager | undefined;
  private rest = new Uint8Array(0);

  constructor(private readonly format: StreamFormat) {
    this.frameBytes = bytesPerFrame(format);
    const factor = format.sampleRateHz / 8000;
    this.decimator = factor === 1 ? undefined : new Decimator(format.sampleRateHz, factor);
    this.agentAverager = factor === 1 ? undefined : new Averager(factor);
  }

  /** The caller's channel alone. */
  decode(chunk: Uint8Array): Float32Array {
    return this.decodeBoth(chunk).caller;
  }

  decodeBoth(chunk: Uint8Array): DecodedAudio {
    const bytes = this.withRest(chunk);
    const whole = bytes.length - (bytes.length % this.frameBytes);
    this.rest = bytes.slice(whole);
    const interleaved = decoders[this.format.encoding](bytes.subarray(0, whole));
    const { channels, callerChannel } = this.format;
    const wide = takeChannel(interleaved, channels, callerChannel);
    const caller = this.decimator?.process(wide) ?? wide;
    if (channels === 1) return { caller };
    const agent = takeChannel(interleaved, channels, 1 - callerChannel);
    return { caller, agent: this.agentAverager?.process(agent) ?? agent };
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.rest = new Uint8Array(0);
    this.decimator?.reset();
    this.agentAverager?.reset();
  }

  private withRest(chunk: Uint8Array): Uint8Array {
    if (this.rest.length === 0) return chunk;
    const bytes = new Uint8Array(this.rest.length + chunk.length);
    bytes.set(this.rest);
    bytes.set(chunk, this.rest.length);
    return bytes;
  }
}
