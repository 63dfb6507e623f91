import { describe, expect, it } from '@jest/globals';
import { FrontEndUnsupportedError, planFrontEnd } from './front-end-plan.js';
import type { FrontEndDescription } from './manifest.js';

const aFrontEnd = (front: Partial<FrontEndDescription> = {}): FrontEndDescription => ({
  sampleRateHz: 8000,
  frameSamples: 200,
  fftSamples: 256,
  hopSamples: 80,
  window: 'Hamming, symmetric: 0.54 - 0.46 cos(2 pi n / 199), over the 200 samples of a frame, then 56 zeros',
  spectrum:
    "power, bins 0..127 of the 256-point FFT (Meyda's powerSpectrum with its own window set to 'rect')",
  melBands: 61,
  melBandsDesigned: 80,
  melScale: '1127 ln(1 + f/700)',
  lowHz: 20,
  highHz: 8000,
  filters:
    'triangles in mel, evenly spaced over lowHz..highHz for melBandsDesigned bands, of which the melBands lowest are kept; no area normalisation; bin i lies at i*8000/256 Hz',
  samples: 'in [-1, 1]; the level does not matter',
  insideTheGraph: 'logarithm, network, L2 norm',
  ...front,
});

describe('planFrontEnd', () => {
  it('takes its window from the description', () => {
    const { window } = planFrontEnd(aFrontEnd());
    expect(window).toHaveLength(200);
    expect(window[0]).toBeCloseTo(0.08, 12);
    expect(window[199]).toBeCloseTo(0.08, 12);
    expect(window[99]! + window[100]!).toBeCloseTo(2 * (0.54 + 0.46 * Math.cos(Math.PI / 199)), 12);
  });

  it('takes other numbers as they come: the next model is a folder and nothing else', () => {
    const plan = planFrontEnd(
      aFrontEnd({
        frameSamples: 400,
        fftSamples: 512,
        hopSamples: 100,
        melBands: 10,
        melBandsDesigned: 10,
        highHz: 4000,
        window:
          'Hamming, symmetric: 0.5 - 0.5 cos(2 pi n / 399), over the 400 samples of a frame, then 112 zeros',
        spectrum:
          "power, bins 0..255 of the 512-point FFT (Meyda's powerSpectrum with its own window set to 'rect')",
        melScale: '2595 ln(1 + f/650)',
        filters: aFrontEnd().filters.replace('8000/256', '8000/512'),
      }),
    );
    expect(plan.window[0]).toBe(0);
    expect(plan.bands).toHaveLength(10);
  });

  it('builds triangles that add up to one between the first and the last peak', () => {
    const { bands } = planFrontEnd(aFrontEnd({ melBands: 80 }));
    const sums = new Float64Array(128);
    for (const { firstBin, weights } of bands)
      weights.forEach((weight, i) => (sums[firstBin + i]! += weight));
    // Closed form: two neighbouring triangles of equal width in mel overlap by exactly half.
    for (let bin = 3; bin < 128; bin++) expect(sums[bin]).toBeCloseTo(1, 9);
    expect(sums[0]).toBe(0);
  });

  it.each<[keyof FrontEndDescription, Partial<FrontEndDescription>]>([
    ['window', { window: 'Hann' }],
    ['window', { window: aFrontEnd().window.replace('199', '200') }],
    ['window', { hopSamples: 80, frameSamples: 180 }],
    ['spectrum', { spectrum: 'magnitude' }],
    ['spectrum', { spectrum: aFrontEnd().spectrum.replace('127', '128') }],
    ['melScale', { melScale: '2595 log10(1 + f/700)' }],
    ['filters', { filters: 'triangles in Hz' }],
    ['filters', { filters: aFrontEnd().filters.replace('no area', 'area') }],
    ['samples', { samples: '16-bit integers' }],
    ['fftSamples', { fftSamples: 250 }],
    ['frameSamples', { frameSamples: 300 }],
    ['hopSamples', { hopSamples: 201 }],
    ['sampleRateHz', { sampleRateHz: 16_000 }],
    ['melBands', { melBands: 81 }],
    ['highHz', { highHz: 20 }],
  ])('refuses a %s it can not do', (field, change) => {
    const refused = (): unknown => planFrontEnd(aFrontEnd(change));
    expect(refused).toThrow(FrontEndUnsupportedError);
    expect(refused).toThrow(`frontEnd.${field}: expected`);
  });
});
