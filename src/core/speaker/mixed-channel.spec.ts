import { describe, expect, it } from '@jest/globals';
import type { ClaimContext } from '../calls/claim-context.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';
import { defaultPolicy } from '../policy/policy.js';
import { mixedThresholdsOf } from './thresholds.js';
import { Verifier } from './verifier.js';

// A two-dimensional "voice": an embedding at angle a from the voiceprint has cosine cos(a); llr = 10 · cosine.
const sha256 = 'a'.repeat(64);
const model = { id: 'model', sha256, calibration: { scale: 10, offset: 0, modelSha256: sha256 } };
const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
const at = (cosine: number) => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const claimed = (voiceprintId: string): ClaimContext => ({
  kind: 'ready',
  customerId: 'customer' as CustomerId,
  consentId: 'consent' as ConsentId,
  validUntilMs: Infinity,
  voiceprintId: voiceprintId as VoiceprintId,
  modelId: 'model',
  voiceprint: at(1),
  netSpeechMs: 30_000,
});

function hear(verifier: Verifier, cosine: number, seconds: number, fromMs = 0) {
  for (let endMs = fromMs + 1000; endMs <= fromMs + seconds * 1000; endMs += 1000) {
    const startMs = endMs - 1000;
    const speech = { netSpeechMs: 1000, totalNetSpeechMs: endMs, newNetSpeechMs: 1000 };
    verifier.segment({ embedding: at(cosine), startMs, endMs, ...speech }, quality);
  }
  return verifier.result();
}

function aCall(mixed: boolean): Verifier {
  const verifier = new Verifier(model, defaultPolicy);
  if (mixed) verifier.noteAudio('mixed-channel');
  verifier.claim(claimed('voiceprint'));
  return verifier;
}

describe('a channel that carries the agent’s voice too', () => {
  it('never rejects: the agent’s voice pulls the score down', () => {
    expect(hear(aCall(false), -0.9, 8).state).toBe('rejected');
    expect(hear(aCall(true), -0.9, 8)).toMatchObject({
      state: 'inconclusive',
      reason: 'mixed-channel',
      quality: ['mixed-channel'],
    });
  });

  it('accepts above the strict operating point only', () => {
    // standard: ln(79000/599) = 4.88; strict: ln(480000/599) = 6.69
    expect(hear(aCall(false), 0.5, 8).state).toBe('accepted');
    expect(hear(aCall(true), 0.5, 8)).toMatchObject({
      state: 'inconclusive',
      reason: 'evidence-between-thresholds',
    });
    const accepted = hear(aCall(true), 0.7, 8);
    expect(accepted).toMatchObject({ state: 'accepted', thresholds: { operatingPoint: 'strict' } });
    expect(accepted.thresholds?.acceptLlr).toBeCloseTo(Math.log(480_000 / 599), 3);
  });

  it('keeps a policy’s own thresholds where they ask for more', () => {
    const { operatingPoints } = defaultPolicy.verification;
    const dear = { ...operatingPoints, standard: { costFalseAccept: 1e9, costFalseReject: 1 } };
    const verification = { ...defaultPolicy.verification, operatingPoints: dear };
    expect(mixedThresholdsOf({ ...defaultPolicy, verification }, 'model').operatingPoint).toBe('standard');
  });
});

describe('evidence that is carried to another process', () => {
  it('decides there as it would have here', () => {
    const here = aCall(false);
    hear(here, 0.8, 4);
    const carried = here.carry();
    const there = aCall(false);
    expect(carried && there.takeUp(carried)).toBe(true);
    expect(there.result()).toMatchObject({ state: 'collecting', llr: here.result().llr, netSpeechMs: 4000 });
    const [stayed, moved] = [hear(here, 0.7, 3, 4000), hear(there, 0.7, 3, 4000)];
    expect(moved).toMatchObject({ state: 'accepted', llr: stayed.llr, span: stayed.span });
  });

  it('is nothing against another voiceprint', () => {
    const here = aCall(false);
    hear(here, 0.8, 4);
    const carried = here.carry();
    const there = new Verifier(model, defaultPolicy);
    there.claim(claimed('newer'));
    expect(carried && there.takeUp(carried)).toBe(false);
    expect(there.result()).toMatchObject({ llr: null, netSpeechMs: 0 });
  });
});
