import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '../policy/policy.js';
import { agreementLlr, assessEnrolment, type EnrolmentStretch } from './enrolment.js';
import { dot } from './vectors.js';

const sha256 = 'a'.repeat(64);
const model = { id: 'test-model', sha256, calibration: { scale: 10, offset: -4, modelSha256: sha256 } };
const clean = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
const oneVoice = Float32Array.of(1, 0, 0);
const otherVoice = Float32Array.of(0, 1, 0);

function aStretch(
  seconds: number,
  voiceAt: (second: number) => Float32Array = () => oneVoice,
  quality = clean,
): EnrolmentStretch {
  return {
    embeddings: Array.from({ length: seconds }, (_, second) => ({
      embedding: voiceAt(second),
      netSpeechMs: 1000,
    })),
    netSpeechMs: seconds * 1000,
    quality,
  };
}
const assess = (...stretches: EnrolmentStretch[]) => assessEnrolment(stretches, defaultPolicy, model);

describe('enrolment', () => {
  it('is complete once the policy’s net speech is there, however many calls it took', () => {
    expect(assess(aStretch(24)).kind).toBe('complete');
    const gathered = assess(aStretch(8), aStretch(8), aStretch(8));
    expect(gathered).toMatchObject({ kind: 'complete', netSpeechMs: 24_000 });
    expect(gathered.kind === 'complete' && dot(gathered.voiceprint, oneVoice)).toBeCloseTo(1, 6);
  });

  it('says how much is still missing', () => {
    expect(assess(aStretch(12))).toEqual({ kind: 'incomplete', netSpeechMs: 12_000, neededMs: 20_000 });
  });

  it.each([
    ['speaks after the other', (second: number) => (second < 12 ? oneVoice : otherVoice)],
    [
      'takes turns with the other',
      (second: number) => (Math.floor(second / 3) % 2 === 0 ? oneVoice : otherVoice),
    ],
  ])('refuses two people when one %s', (_, voiceAt) => {
    expect(assess(aStretch(24, voiceAt))).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'two-speakers' }],
    });
  });

  it('refuses a second call that sounds like somebody else', () => {
    expect(
      assess(
        aStretch(12),
        aStretch(12, () => otherVoice),
      ).kind,
    ).toBe('refused');
  });

  it.each([
    [{ ...clean, speechLevelDbfs: -70 }, 'quality-too-quiet'],
    [{ ...clean, snrDb: 2 }, 'quality-noisy'],
    [{ ...clean, clippedShare: 0.3 }, 'quality-clipped'],
  ])('refuses poor sound and says which: %j', (quality, code) => {
    expect(assess(aStretch(24, () => oneVoice, quality))).toMatchObject({
      kind: 'refused',
      reasons: [{ code }],
    });
  });

  it('refuses a recording without speech', () => {
    expect(assess(aStretch(0))).toMatchObject({ kind: 'refused', reasons: [{ code: 'no-speech' }] });
  });

  it('gives orthogonal voices the calibration’s llr of cosine 0', () => {
    const dialogue = aStretch(24, (second) => (second < 12 ? oneVoice : otherVoice));
    expect(agreementLlr(dialogue.embeddings, model)).toBeCloseTo(-4, 6);
  });
});
