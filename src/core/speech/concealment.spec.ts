import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeMulaw, encodeMulaw } from '../audio/g711.js';
import { decodeL16 } from '../audio/pcm.js';
import { parseWav } from '../audio/wav.js';
import { ConcealmentDetector } from './concealment.js';

const samples = new URL('../../../samples/speech/', import.meta.url);

function speech(name: string): Float32Array {
  const wav = parseWav(readFileSync(new URL(name, samples)));
  if (wav.kind === 'refused') throw new Error(wav.detail);
  return decodeL16(wav.data);
}

/** Every tenth packet lost, and what the receiver puts there passed through µ-law again. */
function withLoss(
  voice: Float32Array,
  packet: number,
  standIn: 'zeros' | 'repeat' | 'faded repeat',
): Float32Array {
  const heard = Float32Array.from(voice);
  for (let at = 10 * packet; at + packet <= heard.length; at += 10 * packet) {
    for (let n = at; n < at + packet; n++) {
      const before = heard[n - packet]!;
      heard[n] = standIn === 'zeros' ? 0 : standIn === 'repeat' ? before : 0.8 * before;
    }
  }
  return decodeMulaw(encodeMulaw(heard));
}

function concealedShare(voice: Float32Array): number {
  const detector = new ConcealmentDetector();
  let sum = 0;
  let windows = 0;
  for (let at = 0; at + 256 <= voice.length; at += 256, windows++)
    sum += detector.push(voice.subarray(at, at + 256));
  return sum / windows;
}

describe('lost packets', () => {
  it.each(readdirSync(samples))('are not found in %s, where none were lost', (speaker) => {
    expect(concealedShare(speech(`${speaker}/call-1.wav`))).toBe(0);
  });

  it.each(
    ([80, 160, 240] as const).flatMap((packet) =>
      (['zeros', 'repeat', 'faded repeat'] as const).map((standIn) => [packet / 8, standIn, packet] as const),
    ),
  )('of %i ms are noticed when %s stand in for every tenth', (_, standIn, packet) => {
    const share = concealedShare(withLoss(speech('allison/call-1.wav'), packet, standIn));
    // Some fall between words, where nothing is lost.
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.105);
  });

  it('are not taken for a pause, a held tone or silence', () => {
    const tone = Float32Array.from(
      { length: 16_000 },
      (_, n) => 0.001 * Math.sin((2 * Math.PI * 50 * n) / 8000),
    );
    expect(concealedShare(tone)).toBe(0);
    expect(concealedShare(new Float32Array(16_000))).toBe(0);
  });
});
