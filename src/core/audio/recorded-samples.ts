import type { SampleReader } from './sample-reader.js';

/* The sample formats of WAV files that no call comes in (Microsoft, Multimedia Programming Interface and Data Specifications 1.0, 1991: PCM of 8 bits is unsigned, of more bits signed). */

type ReadNumber = (view: DataView, at: number) => number;

function reader(sampleBytes: number, read: ReadNumber): SampleReader {
  return (bytes, into, channels, channel) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < into.length; i++) into[i] = read(view, (i * channels + channel) * sampleBytes);
  };
}

/** Floating-point files may hold what no sample is, or what is over full scale. */
function bounded(value: number): number {
  return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
}

export const readU8 = reader(1, (view, at) => (view.getUint8(at) - 128) / 128);
export const readL24 = reader(
  3,
  (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
);
export const readL32 = reader(4, (view, at) => view.getInt32(at, true) / 2 ** 31);
export const readF32 = reader(4, (view, at) => bounded(view.getFloat32(at, true)));
export const readF64 = reader(8, (view, at) => bounded(view.getFloat64(at, true)));
