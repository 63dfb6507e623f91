import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClaimContext } from '../calls/claim-context.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';
import { defaultPolicy, type Policy } from '../policy/policy.js';
import { Verifier } from './verifier.js';

// A two-dimensional "voice": an embedding at angle a from the voiceprint has cosine cos(a), so every llr has a closed form.
const sha256 = 'a'.repeat(64);
const model = { id: 'test-model', sha256, calibration: { scale: 10, offset: 0, modelSha256: sha256 } };
const clean = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
const at = (cosine: number): Float32Array => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const policy: Policy = {
  ...defaultPolicy,
  verification: { ...defaultPolicy.verification, minNetSpeechMs: 3000, windowNetSpeechMs: 10_000 },
};
const ready = (change: Partial<Extract<ClaimContext, { kind: 'ready' }>> = {}): ClaimContext => ({
  kind: 'ready',
  customerId: 'customer' as CustomerId,
  consentId: 'consent' as ConsentId,
  validUntilMs: Infinity,
  voiceprintId: 'voiceprint' as VoiceprintId,
  modelId: 'model',
  voiceprint: at(1),
  netSpeechMs: 30_000,
  ...change,
});

function aCall(context: ClaimContext | null = ready(), inForce = policy) {
  const verifier = new Verifier(model, inForce);
  verifier.claim(context);
  let totalNetSpeechMs = 0;
  return {
    verifier,
    hears(cosine: number, seconds: number, quality = clean) {
      for (let i = 0; i < seconds; i++) {
        totalNetSpeechMs += 1000;
        verifier.segment(
          {
            embedding: at(cosine),
            startMs: totalNetSpeechMs - 1000,
            endMs: totalNetSpeechMs,
            netSpeechMs: 1000,
            totalNetSpeechMs,
            newNetSpeechMs: 1000,
          },
          quality,
        );
      }
      return verifier.result();
    },
  };
}

describe('verification of a caller', () => {
  it('asks for a claim first', () => {
    expect(aCall(null).verifier.result()).toMatchObject({
      state: 'not-claimed',
      llr: null,
      thresholds: null,
    });
  });

  it.each([
    [{ kind: 'no-consent', reason: 'consent-missing' }, 'no-consent', 'consent-missing'],
    [{ kind: 'opted-out' }, 'opted-out', 'consent-withdrawn'],
    [{ kind: 'not-enrolled' }, 'not-enrolled', 'voiceprint-missing'],
    [
      { kind: 'enrolment-incomplete', netSpeechMs: 1, neededMs: 2 },
      'enrolment-incomplete',
      'enrolment-under-way',
    ],
    [{ kind: 'expired', reason: 'voiceprint-past-retention' }, 'expired', 'voiceprint-past-retention'],
  ] as const)('gives no evidence for %j, even when speech arrives', (context, state, reason) => {
    const call = aCall({ customerId: 'customer' as CustomerId, ...context });
    expect(call.hears(1, 10)).toMatchObject({ state, reason, llr: null, posterior: null, span: null });
  });

  it('stays collecting below the policy’s net speech', () => {
    expect(aCall().hears(1, 2)).toMatchObject({
      state: 'collecting',
      reason: 'not-enough-speech',
      netSpeechMs: 2000,
    });
  });

  it('accepts, rejects or stays inconclusive by the thresholds of the policy’s costs and prior', () => {
    // standard: log(79000 · (1/600) / (599/600)) = log(79000/599) = 4.8820
    expect(aCall().hears(0.5, 5)).toMatchObject({
      state: 'accepted',
      reason: 'evidence-above-accept-threshold',
    });
    expect(aCall().hears(0.39, 5)).toMatchObject({
      state: 'inconclusive',
      reason: 'evidence-between-thresholds',
    });
    expect(aCall().hears(-0.5, 5)).toMatchObject({
      state: 'rejected',
      reason: 'evidence-below-reject-threshold',
    });
    expect(aCall().hears(0.5, 5).thresholds?.acceptLlr).toBeCloseTo(Math.log(79_000 / 599), 10);
    expect(aCall().hears(0.5, 5).llr).toBeCloseTo(5, 5);
    expect(aCall().hears(0.5, 5).posterior).toBeCloseTo((599 * Math.exp(5)) / (599 * Math.exp(5) + 1), 6);
  });

  it('does not flip on one odd segment', () => {
    const call = aCall();
    call.hears(0.9, 5);
    expect(call.hears(-1, 1).state).toBe('accepted');
  });

  it('forgets an earlier speaker after the window: another caller is rejected in the end', () => {
    const call = aCall();
    expect(call.hears(0.9, 10).state).toBe('accepted');
    expect(call.hears(-0.9, 12).state).toBe('rejected');
  });

  it('withholds a decision while the sound is too poor, and says which way', () => {
    const call = aCall();
    expect(call.hears(0.9, 5, { ...clean, clippedShare: 0.2 })).toMatchObject({
      state: 'inconclusive',
      reason: 'quality-too-poor',
      quality: ['clipped'],
    });
    expect(call.hears(0.9, 1).state).toBe('accepted');
  });

  it('destroys what it derived when consent is withdrawn, and does not take it up again', () => {
    const call = aCall();
    call.hears(0.9, 5);
    call.verifier.claim({ kind: 'opted-out', customerId: 'customer' as CustomerId });
    expect(call.verifier.result()).toMatchObject({
      state: 'opted-out',
      llr: null,
      span: null,
      netSpeechMs: 0,
      consentId: null,
    });
    call.verifier.claim(ready());
    expect(call.verifier.result()).toMatchObject({ state: 'collecting', llr: null });
  });

  it('keeps its evidence when the same voiceprint is only confirmed again', () => {
    const call = aCall();
    call.hears(0.9, 5);
    call.verifier.claim(ready({ validUntilMs: 1 }));
    expect(call.verifier.result().state).toBe('accepted');
  });

  it('fails closed when consent cannot be checked', () => {
    const call = aCall();
    call.hears(0.9, 5);
    call.verifier.failClosed();
    expect(call.hears(0.9, 5)).toMatchObject({ state: 'no-consent', reason: 'gate-unavailable', llr: null });
  });

  it('changes the result id only when something in the result changed', () => {
    const call = aCall();
    const first = call.verifier.result();
    expect(call.verifier.result()).toBe(first);
    expect(call.hears(0.9, 1).resultId).toBe(first.resultId + 1);
  });

  it('gives an llr that never falls when the voice comes closer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.99, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (cosine, step) => {
          const closer = Math.min(0.999, cosine + step);
          expect(aCall().hears(closer, 4).llr ?? NaN).toBeGreaterThanOrEqual(
            (aCall().hears(cosine, 4).llr ?? NaN) - 1e-4,
          );
        },
      ),
    );
  });
});

describe('ten seconds of one vowel', () => {
  // The scale grows by 10 ln(speech / 3 s); stretches that differ by 0.2 or more count in full.
  const probeNetSpeech = { at: 3000, from: 3000, to: 20_000, scale: 10, offset: 0 };
  const calibration = {
    ...model.calibration,
    probeNetSpeech,
    variety: { full: 0.2, repeated: 0.02, slope: 0.5, intercept: 1 },
  };
  const inOneVoice = (embeddings: readonly Float32Array[]) => {
    const verifier = new Verifier({ ...model, calibration }, policy);
    verifier.claim(ready());
    embeddings.forEach((embedding, i) => {
      const endMs = (i + 1) * 1000;
      const segment = { embedding: embedding.slice(), startMs: i * 1000, endMs, netSpeechMs: 1000 };
      verifier.segment({ ...segment, totalNetSpeechMs: endMs, newNetSpeechMs: 1000 }, clean);
    });
    return verifier.result().llr ?? NaN;
  };
  const vowel = at(0.9);
  // 25 degrees to either side of it, in turn: cosine 0.64 between neighbours, 0.9 to the voiceprint in the mean.
  const turned = [25, -25].map((degrees) => {
    const angle = Math.acos(0.9) + (degrees * Math.PI) / 180;
    return Float32Array.of(Math.cos(angle), Math.sin(angle));
  });
  const varied = Array.from({ length: 10 }, (_, i) => turned[i % 2] ?? vowel);

  it('are worth what a word said over and over is', () => {
    expect(inOneVoice(Array.from({ length: 10 }, () => vowel))).toBeCloseTo(0.5 * 10 * 0.9 + 1, 4);
  });

  it('are not ten of speech that says something', () => {
    expect(inOneVoice(varied)).toBeCloseTo((10 + 10 * Math.log(10 / 3)) * 0.9, 4);
  });
});

describe('a caller who hands the telephone over', () => {
  // changeLlr 0 and 5 s on each side: at right angles the model's llr is 10 · cos = 0, beyond it below.
  const another = -0.2;

  it('is noticed, with the time, and the new voice is checked afresh', () => {
    const call = aCall();
    expect(call.hears(1, 8)).toMatchObject({ state: 'accepted', callerChange: null });
    const result = call.hears(another, 5);
    expect(result.callerChange?.atMs).toBe(8000);
    expect(result.callerChange?.llr).toBeLessThan(0);
    // 5 s of the new voice alone, more than the policy's 3 s: it stands on its own, and the first voice counts no more.
    expect(result).toMatchObject({
      state: 'inconclusive',
      llr: expect.closeTo(10 * another, 4) as unknown,
      netSpeechMs: 5000,
    });
  });

  it('is told as a change until the new voice has as much speech as a decision needs', () => {
    const patient: Policy = { ...policy, verification: { ...policy.verification, minNetSpeechMs: 7000 } };
    const call = aCall(ready(), patient);
    call.hears(1, 8);
    expect(call.hears(another, 5)).toMatchObject({ state: 'collecting', reason: 'caller-changed' });
    expect(call.hears(another, 2).state).not.toBe('collecting');
  });

  it('does not keep the first voice’s acceptance', () => {
    const call = aCall();
    call.hears(1, 8);
    call.hears(another, 5);
    expect(call.hears(another, 8).state).not.toBe('accepted');
  });

  it('may hand it back, and is then verified again', () => {
    const call = aCall();
    call.hears(another, 8);
    const back = call.hears(1, 9);
    expect(back.callerChange?.atMs).toBe(8000);
    expect(back).toMatchObject({ state: 'accepted', netSpeechMs: 9000 });
  });

  it('is not looked for where the agent speaks in the same channel', () => {
    const call = aCall();
    call.verifier.noteAudio('mixed-channel');
    call.hears(1, 8);
    expect(call.hears(another, 8).callerChange).toBeNull();
  });

  it('leaves no trace when consent is withdrawn', () => {
    const call = aCall();
    call.hears(1, 8);
    call.hears(another, 5);
    call.verifier.claim({ kind: 'opted-out', customerId: 'customer' as CustomerId });
    expect(call.verifier.result()).toMatchObject({ callerChange: null, netSpeechMs: 0, llr: null });
  });
});
