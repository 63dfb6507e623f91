import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { StreamDecoder, decodeChannel } from '../../src/core/audio/decoder.js';
import type { StreamFormat } from '../../src/core/audio/stream-format.js';

/* The oracle is ffmpeg, which codes and decodes G.722 by a program of its own. */

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const withFfmpeg = hasFfmpeg ? describe : describe.skip;
const name = hasFfmpeg ? 'G.722 beside ffmpeg' : 'G.722 beside ffmpeg (skipped: ffmpeg is not installed)';

const format: StreamFormat = { encoding: 'g722', sampleRateHz: 16_000, channels: 1, callerChannel: 0 };

function ffmpeg(args: readonly string[], input: Uint8Array): Uint8Array {
  const { stdout, stderr } = spawnSync('ffmpeg', [...args, '-'], { input, maxBuffer: 1 << 26 });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return Uint8Array.from(stdout);
}

/** A glide through both bands, loud and soft, and noise after it. */
function sound(): Int16Array {
  let state = 1;
  return Int16Array.from({ length: 48_000 }, (_, n) => {
    const seconds = n / 16_000;
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    if (seconds > 2) return state >> 18;
    return (
      12_000 * Math.sin(2 * Math.PI * (100 + 1800 * seconds) * seconds) * Math.abs(Math.sin(5 * seconds))
    );
  });
}

withFfmpeg(name, () => {
  const bytes = (): Uint8Array =>
    ffmpeg(['-f', 's16le', '-ar', '16000', '-ac', '1', '-i', '-', '-c:a', 'g722', '-f', 'g722'], new Uint8Array(sound().buffer)); // prettier-ignore

  it('gives the same samples', () => {
    const coded = bytes();
    const theirs = ffmpeg(['-f', 'g722', '-i', '-', '-f', 's16le', '-c:a', 'pcm_s16le'], coded);
    const expected = Array.from(new Int16Array(theirs.buffer as ArrayBuffer));
    expect(Array.from(decodeChannel(coded, format), (sample) => sample * 32768)).toEqual(expected);
  });

  it('hears the caller of two channels, and reaches 8 kHz, however the octets are cut', () => {
    const coded = bytes();
    const whole = Float32Array.from(new StreamDecoder(format).decode(coded));
    expect(whole).toHaveLength(coded.length);
    const both = new Uint8Array(2 * coded.length);
    coded.forEach((octet, i) => (both[2 * i + 1] = octet));
    const decoder = new StreamDecoder({ ...format, channels: 2, callerChannel: 1 });
    const parts: number[] = [];
    for (let at = 0; at < both.length; at += 317) parts.push(...decoder.decode(both.subarray(at, at + 317)));
    expect(parts).toEqual(Array.from(whole));
  });
});
