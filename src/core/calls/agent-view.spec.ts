import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '../policy/policy.js';
import { Verifier } from '../speaker/verifier.js';
import { agentViewOf } from './agent-view.js';

const notClaimed = new Verifier(
  { id: 'm', sha256: '', calibration: { scale: 1, offset: 0, modelSha256: '' } },
  defaultPolicy,
).result();

describe('what the agent sees', () => {
  it.each([
    ['not-claimed', 'no-customer-claimed', 'not-sure-yet'],
    ['no-consent', 'consent-missing', 'no-voice-check'],
    ['opted-out', 'consent-withdrawn', 'no-voice-check'],
    ['not-enrolled', 'voiceprint-missing', 'not-enrolled'],
    ['enrolment-incomplete', 'enrolment-under-way', 'not-enrolled'],
    ['cooling-off', 'voiceprint-too-new', 'no-voice-check'],
    ['expired', 'voiceprint-past-retention', 'voiceprint-expired'],
    ['collecting', 'not-enough-speech', 'not-sure-yet'],
    ['accepted', 'evidence-above-accept-threshold', 'verified'],
    ['rejected', 'evidence-below-reject-threshold', 'not-verified'],
    ['inconclusive', 'quality-too-poor', 'not-sure-yet'],
    ['inconclusive', 'mixed-channel', 'not-sure-yet'],
  ] as const)('for %s is one of seven states with a reason and a step to take', (state, reason, seen) => {
    const view = agentViewOf({ ...notClaimed, state, reason }, null);
    expect(view.state).toBe(seen);
    expect(view.reason).not.toBe('');
    expect(view.nextStep).not.toBe('');
  });

  it('shows progress only while speech is being collected', () => {
    const collecting = {
      ...notClaimed,
      state: 'collecting',
      reason: 'not-enough-speech',
      netSpeechMs: 2100,
    } as const;
    expect(agentViewOf(collecting, null).progress).toEqual({ netSpeechMs: 2100, neededMs: 5000 });
    expect(agentViewOf(notClaimed, null).progress).toBeNull();
  });

  it('puts a grave flag first, in words and without a score, and leaves a slight one to the fraud team', () => {
    const rejected = { ...notClaimed, state: 'rejected', reason: 'evidence-below-reject-threshold' } as const;
    const grave = agentViewOf(rejected, {
      severity: 'critical',
      reasons: ['voice-mismatch', 'sensitive-action'],
    });
    expect(grave.state).toBe('high-risk');
    expect(grave.reason).toMatch(/voice is not the customer’s.*without a verified voice/);
    expect(grave.reason).not.toMatch(/\d/);
    expect(agentViewOf(rejected, { severity: 'medium', reasons: ['voice-mismatch'] }).state).toBe(
      'not-verified',
    );
  });
});
