import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeL16 } from '../audio/pcm.js';
import { parseWav } from '../audio/wav.js';
import { EchoDetector } from './echo-detector.js';

function speech(name: string): Float32Array {
  const wav = parseWav(readFileSync(new URL(`../../../samples/speech/${name}.wav`, import.meta.url)));
  if (wav.kind === 'refused') throw new Error(wav.detail);
  return decodeL16(wav.data).subarray(0, 160_000);
}

const agent = speech('menardi/call-1');
const caller = speech('allison/call-1');

/** A room: random taps that die away by 60 dB in this time; none for a line. */
function roomOf(reverberationMs: number): Float32Array {
  let seed = 1;
  const taps = Float32Array.from({ length: Math.max(1, reverberationMs * 8) }, (_, n) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return reverberationMs === 0 ? 1 : (seed / 1_073_741_824 - 1) * 10 ** ((-3 * n) / (reverberationMs * 8));
  });
  const energy = Math.sqrt(taps.reduce((sum, tap) => sum + tap * tap, 0));
  return taps.map((tap) => tap / energy);
}

function echoOf(voice: Float32Array, gainDb: number, delayMs: number, reverberationMs = 0): Float32Array {
  const room = roomOf(reverberationMs);
  const gain = 10 ** (gainDb / 20);
  const delay = delayMs * 8;
  return Float32Array.from({ length: voice.length }, (_, n) => {
    let sum = 0;
    for (let t = 0; t < room.length && n - delay - t >= 0; t++) sum += room[t]! * voice[n - delay - t]!;
    return gain * sum;
  });
}

const mix = (a: Float32Array, b: Float32Array): Float32Array => a.map((sample, n) => sample + b[n]!);

/** Share of the windows in which this sounds above the level, −60 dBFS without one, that are taken for echo. */
function echoShare(
  callerChannel: Float32Array,
  agentChannel: Float32Array,
  sounding = callerChannel,
  levelDbfs = -60,
): number {
  const detector = new EchoDetector();
  let heard = 0;
  let echo = 0;
  for (let at = 0; at + 256 <= callerChannel.length; at += 256) {
    const isEcho = detector.isEcho(
      callerChannel.subarray(at, at + 256),
      agentChannel.subarray(at, at + 256),
      true,
    );
    const power = sounding.subarray(at, at + 256).reduce((sum, sample) => sum + sample * sample, 0) / 256;
    if (10 * Math.log10(power) < levelDbfs) continue;
    heard += 1;
    if (isEcho) echo += 1;
  }
  return echo / heard;
}

describe('the agent, come back in the caller’s channel', () => {
  it.each([
    [-10, 20, 0],
    [-20, 80, 0],
    [-30, 300, 0],
    [-20, 80, 150],
    [-30, 300, 150],
  ])('is known as echo at %i dB, %i ms late, in a room of %i ms', (gainDb, delayMs, reverberationMs) => {
    expect(echoShare(echoOf(agent, gainDb, delayMs, reverberationMs), agent)).toBeGreaterThan(0.9);
  });

  it('leaves the caller, who talks at the same time, most of the speech', () => {
    expect(echoShare(mix(caller, echoOf(agent, -20, 80)), agent, caller, -40)).toBeLessThan(0.15);
  });

  it('is never heard in a caller who only talks at the same time', () => {
    expect(echoShare(caller, agent)).toBe(0);
  });

  it('is not the caller, who answers with silence of the agent', () => {
    expect(echoShare(caller, new Float32Array(caller.length))).toBe(0);
  });

  it('is looked for afresh when the path changes', () => {
    const half = agent.length / 2;
    const near = echoOf(agent, -20, 40).subarray(0, half);
    const far = echoOf(agent, -20, 240).subarray(half);
    const both = new Float32Array(agent.length);
    both.set(near);
    both.set(far, half);
    expect(echoShare(both, agent)).toBeGreaterThan(0.7);
  });
});
