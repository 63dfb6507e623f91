export type AudioEncoding = 'mulaw' | 'alaw' | 'l16';
export type StreamRateHz = 8000 | 16000 | 24000 | 48000;

/** What a call's audio looks like on the wire. L16 is little-endian (the telephony platforms' habit, not RFC 3551's). */
export interface StreamFormat {
  readonly encoding: AudioEncoding;
  readonly sampleRateHz: StreamRateHz;
  /** Interleaved by channel when two. */
  readonly channels: 1 | 2;
  /** Which channel carries the caller. Of the other one only the waveform is compared with it, to tell echo; its voice is never analysed. */
  readonly callerChannel: 0 | 1;
}

/** Bytes of one sample of every channel. */
export function bytesPerFrame(format: StreamFormat): number {
  return (format.encoding === 'l16' ? 2 : 1) * format.channels;
}

export function durationMs(bytes: number, format: StreamFormat): number {
  return (bytes / bytesPerFrame(format) / format.sampleRateHz) * 1000;
}
