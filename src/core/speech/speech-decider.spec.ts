import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultSpeechDecision, SpeechDecider, type SpeechDecision } from './speech-decider.js';

function decide(probabilities: readonly number[], decision: SpeechDecision = defaultSpeechDecision): string {
  const decider = new SpeechDecider(decision);
  const settled = probabilities.flatMap((probability) => decider.push(probability));
  return [...settled, ...decider.drain()].map((isSpeech) => (isSpeech ? 'S' : '.')).join('');
}

describe('SpeechDecider', () => {
  it('keeps two windows on each side of speech', () => {
    expect(decide([0, 0, 0, 0, 0.9, 0, 0, 0, 0])).toBe('..SSSSS..');
  });

  it('needs more than the threshold', () => {
    expect(decide([0.5, 0.5, 0.5])).toBe('...');
  });

  it('stays in speech down to the leaving probability, when that is lower', () => {
    const decision = { enterProbability: 0.5, leaveProbability: 0.3, paddingWindows: 0 };
    expect(decide([0.4, 0.6, 0.4, 0.4, 0.2, 0.4], decision)).toBe('.SSS..');
  });

  it('hears no speech in a probability that is no number', () => {
    expect(decide([NaN, NaN, NaN])).toBe('...');
  });

  it('is two windows late and no more', () => {
    const decider = new SpeechDecider(defaultSpeechDecision);
    expect([decider.push(0), decider.push(0), decider.push(0.9)]).toEqual([[], [], [true]]);
  });

  it('goes on after a drain without deciding anything twice', () => {
    const decider = new SpeechDecider(defaultSpeechDecision);
    const settled = [
      ...decider.push(0.9),
      ...decider.drain(),
      ...[0, 0, 0, 0].flatMap((p) => decider.push(p)),
      ...decider.drain(),
    ];
    expect(settled).toEqual([true, true, true, false, false]);
  });

  it('decides each window by its neighbourhood, as the rule says it in one line', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (probabilities) => {
        const expected = probabilities.map((_, k) =>
          probabilities.slice(Math.max(0, k - 2), k + 3).some((p) => p > 0.5),
        );
        expect(decide(probabilities)).toBe(expected.map((isSpeech) => (isSpeech ? 'S' : '.')).join(''));
      }),
    );
  });
});
