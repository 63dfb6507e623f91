import { describe, expect, it } from '@jest/globals';
import type { ClaimContext } from '../calls/claim-context.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';
import { defaultPolicy } from '../policy/policy.js';
import { steadinessOf } from './steadiness.js';
import { Verifier } from './verifier.js';

/** A unit vector at this angle: two of them have the cosine of the angle between. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

/** Segments of 3 s, one a second, as the engine gives them. */
const segmentsAt = (angles: readonly number[]) =>
  angles.map((angle, i) => ({ embedding: at(angle), startMs: i * 1000, endMs: i * 1000 + 3015 }));

describe('the steadiness of a voice', () => {
  it('is unknown until two segments share no speech', () => {
    expect(steadinessOf(segmentsAt([0, 0, 0]))).toBeNull();
    expect(steadinessOf(segmentsAt([0, 0, 0, 60]))).toEqual({ likeness: expect.closeTo(0.5, 6), pairs: 1 });
  });

  it('is the mean cosine of segments that follow each other without overlap', () => {
    // Pairs 0–3, 1–4 and 2–5, 60° apart each.
    expect(steadinessOf(segmentsAt([0, 20, 40, 60, 80, 100]))?.likeness).toBeCloseTo(0.5, 6);
  });

  it('forgets a caller change after some ten seconds, whoever spoke before', () => {
    const angles = [...Array<number>(10).fill(0), ...Array<number>(13).fill(90)];
    expect(steadinessOf(segmentsAt(angles))?.likeness).toBeCloseTo(1, 6);
  });
});

describe('a decision', () => {
  const sha256 = 'a'.repeat(64);
  const model = { id: 'test-model', sha256, calibration: { scale: 10, offset: 0, modelSha256: sha256 } };
  const clean = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
  const ready: ClaimContext = {
    kind: 'ready',
    customerId: 'customer' as CustomerId,
    consentId: 'consent' as ConsentId,
    validUntilMs: Infinity,
    voiceprintId: 'voiceprint' as VoiceprintId,
    modelId: 'test-model',
    voiceprint: at(0),
    netSpeechMs: 30_000,
  };

  function afterHearing(angles: readonly number[], quality = clean) {
    const verifier = new Verifier(model, defaultPolicy);
    verifier.claim(ready);
    for (const [i, segment] of segmentsAt(angles).entries()) {
      const totalNetSpeechMs = 3000 + i * 1000;
      const newNetSpeechMs = i === 0 ? 3000 : 1000;
      verifier.segment({ ...segment, netSpeechMs: 3000, totalNetSpeechMs, newNetSpeechMs }, quality);
    }
    return verifier.result();
  }

  it('rejects another person whose voice holds together', () => {
    expect(afterHearing(Array<number>(8).fill(170))).toMatchObject({ state: 'rejected', quality: [] });
  });

  it('rejects on the first five seconds, in which nothing speaks for several voices', () => {
    expect(afterHearing([170, 170, 170])).toMatchObject({
      state: 'rejected',
      reason: 'evidence-below-reject-threshold',
    });
  });

  it('withholds a rejection on the first five seconds when they wander', () => {
    expect(afterHearing([170, 200, 230])).toMatchObject({ state: 'inconclusive', reason: 'several-voices' });
  });

  it('names other voices, not a lack of speech, where they withhold a rejection', () => {
    expect(afterHearing([120, 180, 240, 240])).toMatchObject({
      state: 'inconclusive',
      reason: 'several-voices',
    });
  });

  it('is withheld while several voices speak at once', () => {
    expect(afterHearing([120, 180, 240, 180, 240, 120, 240, 120, 180])).toMatchObject({
      state: 'inconclusive',
      reason: 'quality-too-poor',
      quality: ['several-voices'],
    });
  });

  it('does not make the customer wait: who sounds like the voiceprint is accepted as before', () => {
    expect(afterHearing([10, 10, 10])).toMatchObject({ state: 'accepted' });
  });

  it('is withheld when too much of the speech stands in for lost packets', () => {
    expect(afterHearing([10, 10, 10, 10], { ...clean, concealedShare: 0.2 })).toMatchObject({
      state: 'inconclusive',
      quality: ['packet-loss'],
    });
  });
});
