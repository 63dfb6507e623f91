import { describe, expect, it } from '@jest/globals';
import type { WatchlistId } from '../ids.js';
import { LiveScreening } from './live-screening.js';

const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
const listId = 'list' as WatchlistId;
const open = { lists: [listId], mayAnalyse: false, untilMs: 5000 };
const segment = (embedding: Float32Array, startMs: number, netSpeechMs = 1000) => ({
  embedding,
  netSpeechMs,
  startMs,
  endMs: startMs + netSpeechMs,
});
const [alice, bob] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];

describe('a call’s screening', () => {
  it('gathers nothing for no list', () => {
    const screening = new LiveScreening();
    expect(screening.add(segment(alice, 0), quality)).toBe(false);
    screening.admit({ ...open, lists: [] });
    expect(screening.add(segment(alice, 0), quality)).toBe(false);
    expect(screening.soFar()).toBeNull();
    expect(screening.stretchFor(listId)).toBeUndefined();
  });

  it('holds the mean of the whole call against the list, not its last words', () => {
    const screening = new LiveScreening();
    screening.admit(open);
    for (let i = 0; i < 300; i++) screening.add(segment(alice, i * 1000), quality);
    screening.add(segment(bob, 300_000), quality);
    const heard = screening.soFar();
    expect(heard).toMatchObject({
      lists: [listId],
      netSpeechMs: 301_000,
      span: { startMs: 0, endMs: 301_000 },
    });
    expect(heard?.direction[0]).toBeCloseTo(300 / Math.hypot(300, 1), 6);
    // What an entry would be made of is the last minute only.
    expect(screening.stretchFor(listId)?.netSpeechMs).toBe(60_000);
  });

  it('takes no answer about a caller or list that is no more', () => {
    const screening = new LiveScreening();
    screening.admit(open);
    screening.add(segment(alice, 0), quality);
    const heard = screening.soFar()!;
    expect(screening.isStill(heard)).toBe(true);
    screening.admit({ ...open, untilMs: 6000 });
    expect(screening.isStill(heard)).toBe(true);
    screening.admit({ ...open, lists: ['other' as WatchlistId] });
    expect(screening.isStill(heard)).toBe(false);
    screening.admit(open);
    screening.forget();
    expect(screening.isStill(heard)).toBe(false);
    expect(screening.soFar()).toBeNull();
  });

  it('overwrites what it derived when consent goes', () => {
    const screening = new LiveScreening();
    screening.admit(open);
    screening.add(segment(alice, 0), quality);
    screening.admit(null);
    expect(screening.soFar()).toBeNull();
    expect(screening.stretchFor(listId)).toBeUndefined();
    screening.admit(open);
    expect(screening.soFar()).toBeNull();
  });
});
