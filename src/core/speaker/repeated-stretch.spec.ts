import { describe, expect, it } from '@jest/globals';
import type { EnrolmentStretch } from './enrolment.js';
import { withoutRepeated } from './repeated-stretch.js';

const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };

/** One segment a second, each in a direction of its own, `turned` a little away from it. */
function aStretch(seconds: readonly number[], turned = 0): EnrolmentStretch {
  const embeddings = seconds.map((second) => {
    const embedding = new Float32Array(20);
    embedding[second] = Math.cos(turned);
    embedding[19] = Math.sin(turned);
    return { embedding, netSpeechMs: 1000 };
  });
  return { embeddings, netSpeechMs: 1000 * seconds.length, quality };
}

describe('speech that was offered before', () => {
  it('counts for nothing, also when another file has changed it a little', () => {
    expect(withoutRepeated(aStretch([1, 2, 3]), [aStretch([1, 2, 3])])).toMatchObject({
      embeddings: [],
      netSpeechMs: 0,
    });
    expect(withoutRepeated(aStretch([1, 2, 3], 0.2), [aStretch([1, 2, 3])])).toMatchObject({
      netSpeechMs: 0,
    });
  });

  it('takes nothing from what is new beside it, whichever earlier stretch had it', () => {
    const { netSpeechMs, embeddings } = withoutRepeated(aStretch([1, 4, 5]), [aStretch([0]), aStretch([5])]);
    expect(netSpeechMs).toBe(2000);
    expect(embeddings.map(({ embedding }) => embedding.indexOf(1))).toEqual([1, 4]);
  });

  it('is not what merely sounds alike, as two sentences of one person do', () => {
    const stretch = aStretch([1, 2, 3], 0.5);
    expect(withoutRepeated(stretch, [aStretch([1, 2, 3])])).toBe(stretch);
  });
});
