import { describe, expect, it } from '@jest/globals';
import { progressOn } from './progress.js';

function heardBy(isTTY: boolean): { told: string[]; hear: (done: number, atMs: number) => void } {
  const told: string[] = [];
  let now = 0;
  const progress = progressOn({ isTTY, write: (text) => told.push(text) }, () => now);
  return {
    told,
    hear(done, atMs) {
      now = atMs;
      progress(done, 100);
    },
  };
}

describe('progress of a long measurement', () => {
  it('is a line every ten seconds outside a terminal, with the time that the rest takes at this pace', () => {
    const { told, hear } = heardBy(false);
    hear(1, 100_000);
    hear(5, 105_000);
    hear(20, 120_000);
    hear(21, 121_000);
    hear(100, 200_000);
    expect(told).toEqual([
      '1 of 100 heard, about 0 s left\n',
      '20 of 100 heard, about 80 s left\n',
      '100 of 100 heard\n',
    ]);
  });

  it('is one line that is rewritten in a terminal', () => {
    const { told, hear } = heardBy(true);
    hear(50, 1);
    hear(100, 2);
    expect(told).toEqual([
      `\r[${'#'.repeat(15)}${' '.repeat(15)}] 50/100`,
      `\r[${'#'.repeat(30)}] 100/100\n`,
    ]);
  });
});
