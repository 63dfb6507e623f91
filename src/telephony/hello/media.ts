import type { SampleEncoding, StreamFormat, StreamRateHz } from '../../core/audio/stream-format.js';

/** How the voices of a call lie in its stream: the caller's alone, both in one channel, or the caller's first of two. */
export type Mix = 'mono' | 'mixed' | 'stereo';

const mixes: readonly unknown[] = ['mono', 'mixed', 'stereo'] satisfies readonly Mix[];
const rates: readonly unknown[] = [8000, 16000, 24000, 32000, 48000] satisfies readonly StreamRateHz[];

export function isMix(value: unknown): value is Mix {
  return mixes.includes(value);
}

export function isRate(value: unknown): value is StreamRateHz {
  return rates.includes(value);
}

export function callerFirst(encoding: SampleEncoding, sampleRateHz: StreamRateHz, mix: Mix): StreamFormat {
  return { encoding, sampleRateHz, channels: mix === 'stereo' ? 2 : 1, callerChannel: 0 };
}
