import { readAll, type SampleReader } from './sample-reader.js';

/** L16 as the telephony platforms send it: 16-bit signed, little-endian. */
export const readL16: SampleReader = (bytes, into, channels, channel) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [step, from] = [2 * channels, 2 * channel];
  for (let i = 0; i < into.length; i++) into[i] = view.getInt16(i * step + from, true) / 32768;
};

/** A half sample at the end is not read. */
export function decodeL16(bytes: Uint8Array): Float32Array {
  return readAll(readL16, bytes, 2);
}

export function encodeL16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, i) => {
    const scaled = Number.isFinite(sample) ? Math.round(sample * 32768) : 0;
    view.setInt16(2 * i, Math.max(-32768, Math.min(32767, scaled)), true);
  });
  return bytes;
}

/** One channel of interleaved samples. */
export function takeChannel(interleaved: Float32Array, channels: number, channel: number): Float32Array {
  if (channels === 1) return interleaved;
  const samples = new Float32Array(Math.floor(interleaved.length / channels));
  for (let i = 0; i < samples.length; i++) samples[i] = interleaved[i * channels + channel] ?? 0;
  return samples;
}
