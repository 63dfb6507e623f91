import { readAll, type SampleReader } from './sample-reader.js';

/**
 * ITU-T G.711 (11/88): 8-bit logarithmic speech, as tables of all 256 codes built from the standard's segment formulas.
 * Values are scaled to [-1, 1] of 16-bit full scale, as telephony does: µ-law's 14-bit values × 4, A-law's 13-bit values × 8.
 */

/** Table 2a: value = (2·mantissa + 33)·2^segment − 33, sign in the first bit; §3.2: all bits are inverted on the wire. */
function mulawValue(code: number): number {
  const bits = ~code & 0xff;
  const segment = (bits >> 4) & 0b111;
  const magnitude = (2 * (bits & 0b1111) + 33) * 2 ** segment - 33;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** Table 1a: value = 2·mantissa + 1 in the first segment, (2·mantissa + 33)·2^(segment − 1) above; even bits are inverted on the wire. */
function alawValue(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 0b111;
  const step = 2 * (bits & 0b1111);
  const magnitude = segment === 0 ? step + 1 : (step + 33) * 2 ** (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

const mulawTable = Float32Array.from({ length: 256 }, (_, code) => (mulawValue(code) * 4) / 32768);
const alawTable = Float32Array.from({ length: 256 }, (_, code) => (alawValue(code) * 8) / 32768);

function read(table: Float32Array): SampleReader {
  return (bytes, into, channels, channel) => {
    for (let i = 0; i < into.length; i++) into[i] = table[bytes[i * channels + channel] ?? 0] ?? 0;
  };
}

export const readMulaw = read(mulawTable);
export const readAlaw = read(alawTable);

export function decodeMulaw(bytes: Uint8Array): Float32Array {
  return readAll(readMulaw, bytes, 1);
}

export function decodeAlaw(bytes: Uint8Array): Float32Array {
  return readAll(readAlaw, bytes, 1);
}

/** The position of the highest set bit: 0 for 1, 7 for 128. */
function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}

function toInteger(sample: number, scale: number): number {
  return Number.isFinite(sample) ? Math.trunc(sample * scale) : 0;
}

/** Biased by 33, the segment is the position of the highest bit above bit 5, the mantissa the four bits below it (G.711 Table 2a). */
export function encodeMulaw(samples: Float32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => {
    const value = toInteger(sample, 8192);
    const biased = Math.min(Math.abs(value), 8158) + 33;
    const segment = highestBit(biased) - 5;
    const mantissa = (biased >> (segment + 1)) & 0b1111;
    return ~((value < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff;
  });
}

/** G.711 Table 1a: decision values are multiples of 2 in the first two segments and double with each one above. */
export function encodeAlaw(samples: Float32Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => {
    // Floor, so that the negative half mirrors the positive one: (-2, 0) is the first negative interval.
    const value = Number.isFinite(sample) ? Math.floor(sample * 4096) : 0;
    const magnitude = Math.min(value < 0 ? -value - 1 : value, 4095);
    const segment = Math.max(0, highestBit(magnitude | 1) - 4);
    const mantissa = (magnitude >> Math.max(1, segment)) & 0b1111;
    return ((value < 0 ? 0 : 0x80) | (segment << 4) | mantissa) ^ 0x55;
  });
}
