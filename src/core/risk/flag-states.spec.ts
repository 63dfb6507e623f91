import { describe, expect, it } from '@jest/globals';
import { flagStates, reviewFlag, type FlagState } from './flag-states.js';

const aFlag = (state: FlagState, assignee: string | null = null) => ({ state, assignee });

describe('reviewing a flag', () => {
  it('goes into review with somebody to review it', () => {
    expect(reviewFlag(aFlag('open'), { state: 'in-review', assignee: 'kim' })).toEqual({
      kind: 'changed',
      state: 'in-review',
      assignee: 'kim',
    });
    expect(reviewFlag(aFlag('open'), { state: 'in-review' })).toMatchObject({
      kind: 'missing',
      field: 'assignee',
    });
  });

  it.each(['confirmed-fraud', 'false-alarm', 'inconclusive'] as const)(
    'is decided as %s with a note',
    (state) => {
      expect(reviewFlag(aFlag('in-review', 'kim'), { state, note: 'because' })).toEqual({
        kind: 'changed',
        state,
        assignee: 'kim',
      });
      expect(reviewFlag(aFlag('in-review', 'kim'), { state })).toMatchObject({
        kind: 'missing',
        field: 'note',
      });
    },
  );

  it.each(['confirmed-fraud', 'false-alarm', 'inconclusive', 'in-review'] as const)(
    "is reopened from %s with a note, and is nobody's then",
    (state) => {
      expect(reviewFlag(aFlag(state, 'kim'), { state: 'open', note: 'once more' })).toEqual({
        kind: 'changed',
        state: 'open',
        assignee: null,
      });
      expect(reviewFlag(aFlag(state, 'kim'), { state: 'open' })).toMatchObject({
        kind: 'missing',
        field: 'note',
      });
    },
  );

  it('says where it can go instead', () => {
    expect(reviewFlag(aFlag('open'), { state: 'false-alarm', note: 'no' })).toEqual({
      kind: 'wrong-transition',
      allowed: ['in-review'],
    });
    expect(reviewFlag(aFlag('false-alarm'), { state: 'confirmed-fraud', note: 'yes' })).toEqual({
      kind: 'wrong-transition',
      allowed: ['open'],
    });
  });

  it.each(flagStates)('takes a note and another assignee while %s', (state) => {
    expect(reviewFlag(aFlag(state, 'kim'), { note: 'called back', assignee: 'lee' })).toEqual({
      kind: 'changed',
      state,
      assignee: 'lee',
    });
  });
});
