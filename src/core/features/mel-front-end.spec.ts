import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planFrontEnd } from './front-end-plan.js';
import { modelManifestSchema } from './manifest.js';
import { MelFrontEnd } from './mel-front-end.js';

const manifestUrl = new URL('../../../models/timbre-sv-8k-v1/manifest.json', import.meta.url);
const plan = planFrontEnd(modelManifestSchema.parse(JSON.parse(readFileSync(manifestUrl, 'utf8'))).frontEnd);

function energiesOf(samples: Float32Array, sizes: readonly number[] = []): number[][] {
  const frontEnd = new MelFrontEnd(plan);
  const frames: number[][] = [];
  let at = 0;
  for (const size of [...sizes, samples.length]) {
    for (const frame of frontEnd.process(samples.subarray(at, at + size)))
      frames.push(Array.from(frame.energies));
    at += size;
  }
  return frames;
}

const noise = Float32Array.from({ length: 1500 }, (_, n) => Math.sin(n * n * 0.37) * 0.5);

describe('MelFrontEnd', () => {
  it('gives a frame every hop once the first is full', () => {
    expect(energiesOf(noise.subarray(0, 199))).toHaveLength(0);
    expect(energiesOf(noise.subarray(0, 200))).toHaveLength(1);
    expect(energiesOf(noise)).toHaveLength(Math.floor((1500 - 200) / 80) + 1);
  });

  it('says where each frame begins', () => {
    expect(new MelFrontEnd(plan).process(noise.subarray(0, 400)).map((frame) => frame.startSample)).toEqual([
      0, 80, 160,
    ]);
  });

  it.each([
    ['a frame alone', 200, 0],
    ['the first of two frames', 280, 0],
    ['the second, much quieter one', 280, 1],
  ])('measures the power of a discrete Fourier transform written out: %s', (_, samples, frame) => {
    const heard = noise.subarray(0, samples).map((x, n) => (n < 80 ? 1000 * x : x));
    const found = energiesOf(heard)[frame]!;
    const from = frame * plan.hopSamples;
    plan.bands.forEach(({ firstBin, weights }, b) => {
      let energy = 0;
      weights.forEach((weight, w) => {
        let re = 0;
        let im = 0;
        for (let n = 0; n < 200; n++) {
          const x = heard[from + n]! * (0.54 - 0.46 * Math.cos((2 * Math.PI * n) / 199));
          re += x * Math.cos((2 * Math.PI * (firstBin + w) * n) / 256);
          im -= x * Math.sin((2 * Math.PI * (firstBin + w) * n) / 256);
        }
        energy += weight * (re * re + im * im);
      });
      expect(Math.abs(found[b]! - energy)).toBeLessThanOrEqual(1e-4 * energy + 1e-6);
    });
  });

  it('never lets chunking change the result', () => {
    const whole = energiesOf(noise);
    fc.assert(
      fc.property(fc.array(fc.nat(300), { maxLength: 12 }), (sizes) => {
        expect(energiesOf(noise, sizes)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('puts no samples of both sides of a gap into one frame', () => {
    const frontEnd = new MelFrontEnd(plan);
    frontEnd.process(noise.subarray(0, 150));
    frontEnd.reset();
    expect(frontEnd.process(noise.subarray(0, 199))).toHaveLength(0);
  });

  it('gives zero energy, and no other number, for digital silence', () => {
    expect(energiesOf(new Float32Array(200))[0]!.every((energy) => energy === 0)).toBe(true);
  });
});
