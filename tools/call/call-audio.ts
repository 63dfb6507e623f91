import { readFile } from 'node:fs/promises';

import { decodeChannel } from '../../src/core/audio/decoder.js';
import { encodeAlaw, encodeMulaw } from '../../src/core/audio/g711.js';
import { encodeL16 } from '../../src/core/audio/pcm.js';
import { Resampler } from '../../src/core/audio/resample.js';
import type { AudioEncoding, StreamRateHz } from '../../src/core/audio/stream-format.js';
import { parseWav } from '../../src/core/audio/wav.js';

/** A call's sound before it is encoded: one array per channel, all of one length. */
export interface CallAudio {
  readonly sampleRateHz: StreamRateHz;
  readonly channels: readonly [Float32Array] | readonly [Float32Array, Float32Array];
}

const ratesHz: readonly StreamRateHz[] = [8000, 16000, 24000, 32000, 48000];

/** A file that can't be played, in words for whoever named it. */
export class UnplayableFile extends Error {
  constructor(file: string, why: string) {
    super(`${file}: ${why}`);
    this.name = 'UnplayableFile';
  }
}

export const encoders: Record<AudioEncoding, (samples: Float32Array) => Uint8Array> = {
  mulaw: encodeMulaw,
  alaw: encodeAlaw,
  l16: encodeL16,
};

/** The files one after the other, at the given rate (the first one's if none is given); stereo if asked for or if any of them is. */
export async function readCallAudio(
  files: readonly string[],
  wanted: { readonly sampleRateHz?: StreamRateHz | undefined; readonly stereo?: boolean | undefined },
): Promise<CallAudio> {
  const parts = await Promise.all(files.map(readPart));
  const first = parts[0];
  if (!first) throw new Error('a call needs at least one file');
  const sampleRateHz = wanted.sampleRateHz ?? ratesHz.find((rate) => rate === first.sampleRateHz) ?? 8000;
  const atRate = parts.map(({ file, sampleRateHz: from, channels }) =>
    channels.map((samples) => resampled(file, samples, from, sampleRateHz)),
  );
  const left = joined(atRate.map(([samples]) => samples ?? new Float32Array(0)));
  if (wanted.stereo !== true && atRate.every((channels) => channels.length === 1)) {
    return { sampleRateHz, channels: [left] };
  }
  // A file with one channel has nobody on the other side.
  const right = joined(
    atRate.map(([mono, other]) => other ?? new Float32Array((mono ?? new Float32Array(0)).length)),
  );
  return { sampleRateHz, channels: [left, right] };
}

async function readPart(
  file: string,
): Promise<{ file: string; sampleRateHz: number; channels: Float32Array[] }> {
  const parsed = parseWav(await readFile(file));
  if (parsed.kind === 'refused') throw new UnplayableFile(file, `${parsed.reason}: ${parsed.detail}`);
  const { data, format } = parsed;
  const sides = format.channels === 2 ? ([0, 1] as const) : ([0] as const);
  const channels = sides.map((callerChannel) => decodeChannel(data, { ...format, callerChannel }));
  return { file, sampleRateHz: format.sampleRateHz, channels };
}

function resampled(file: string, samples: Float32Array, from: number, to: StreamRateHz): Float32Array {
  if (from === to) return samples;
  if (to === 8000) return new Resampler(from).process(samples);
  if (to < from || to % from !== 0) throw new UnplayableFile(file, `${from} Hz can not be sent as ${to} Hz`);
  // Straight lines between samples: what this adds lies above the telephone band, where Timbre does not listen.
  const factor = to / from;
  return Float32Array.from({ length: samples.length * factor }, (_, i) => {
    const at = Math.floor(i / factor);
    const here = samples[at] ?? 0;
    return here + ((samples[at + 1] ?? here) - here) * (i / factor - at);
  });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
