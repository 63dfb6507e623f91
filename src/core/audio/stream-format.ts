/** How calls' audio comes. */
export type AudioEncoding = 'mulaw' | 'alaw' | 'l16';
export type StreamRateHz = 8000 | 12000 | 16000 | 24000 | 32000 | 44100 | 48000 | 96000 | 192000;

/**
 * What some calls come in beside, G.722 (two samples at 16 kHz an octet), and recordings: unsigned 8 bit, 24 and 32 bit, floating
 * point, GSM 06.10 as Microsoft packs it.
 */
export type SampleEncoding = AudioEncoding | 'g722' | 'u8' | 'l24' | 'l32' | 'f32' | 'f64' | 'gsm';

/** What audio looks like in its bytes. L16 is little-endian (the telephony platforms' habit, not RFC 3551's), and so is all the rest. */
export interface StreamFormat {
  readonly encoding: SampleEncoding;
  /** A whole number from 8000 to 192000. */
  readonly sampleRateHz: number;
  /** Interleaved by channel when two. */
  readonly channels: 1 | 2;
  /** Which channel carries the caller. Of the other one only the waveform is compared with it, to tell echo; its voice is never analysed. */
  readonly callerChannel: 0 | 1;
}

type Layout = Partial<StreamFormat> & Pick<StreamFormat, 'encoding' | 'channels'>;
type TimedLayout = Layout & Pick<StreamFormat, 'sampleRateHz'>;

/** What can't be cut: this many bytes of each channel hold this many samples. */
const frames: Record<SampleEncoding, { readonly bytes: number; readonly samples: number }> = {
  mulaw: { bytes: 1, samples: 1 },
  alaw: { bytes: 1, samples: 1 },
  l16: { bytes: 2, samples: 1 },
  u8: { bytes: 1, samples: 1 },
  l24: { bytes: 3, samples: 1 },
  l32: { bytes: 4, samples: 1 },
  f32: { bytes: 4, samples: 1 },
  f64: { bytes: 8, samples: 1 },
  gsm: { bytes: 65, samples: 320 },
  g722: { bytes: 1, samples: 2 },
};

/** Bytes of the smallest piece, of every channel. */
export function bytesPerFrame({ encoding, channels }: Layout): number {
  return frames[encoding].bytes * channels;
}

/** Samples of each channel in the smallest piece. */
export function samplesPerFrame({ encoding }: Layout): number {
  return frames[encoding].samples;
}

export function durationMs(bytes: number, format: TimedLayout): number {
  return ((bytes / bytesPerFrame(format)) * samplesPerFrame(format) * 1000) / format.sampleRateHz;
}

/** As many bytes as this time takes, in whole frames: one or more. */
export function bytesIn(ms: number, format: TimedLayout): number {
  const whole = Math.floor((format.sampleRateHz * ms) / 1000 / samplesPerFrame(format));
  return Math.max(1, whole) * bytesPerFrame(format);
}
