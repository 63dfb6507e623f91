import { describe, expect, it } from '@jest/globals';
import type { CallId } from '../../../core/ids.js';
import { FeedCursor, type FeedEntry, type FeedPage } from './feed-cursor.js';

const call = (name: string): CallId => name as CallId;
const entry = (eventId: number, callId = 'a'): FeedEntry => ({
  eventId: BigInt(eventId),
  callId: call(callId),
  message: `event ${eventId}`,
});
const page = (entries: FeedEntry[], position = entries.at(-1)?.eventId ?? 0n): FeedPage => ({
  entries,
  position,
});
const ids = (entries: readonly FeedEntry[]): number[] => entries.map((given) => Number(given.eventId));

describe('FeedCursor', () => {
  it('gives what lies after its position, in order', () => {
    const cursor = new FeedCursor(4n);
    expect(ids(cursor.take(page([entry(3), entry(4), entry(5), entry(9)])))).toEqual([5, 9]);
    expect(cursor.position).toBe(9n);
  });

  it('gives an entry once when two pages overlap', () => {
    const cursor = new FeedCursor(0n);
    cursor.take(page([entry(1), entry(2), entry(3)]));
    expect(ids(cursor.take(page([entry(2), entry(3), entry(4)])))).toEqual([4]);
  });

  it('moves over the entries of other calls without giving them', () => {
    const cursor = new FeedCursor(0n, call('b'));
    expect(ids(cursor.take(page([entry(1, 'a'), entry(2, 'b'), entry(3, 'a')])))).toEqual([2]);
    expect(cursor.position).toBe(3n);
  });

  it('moves to the position a page was read to, though its last rows were of no interest', () => {
    const cursor = new FeedCursor(1n);
    cursor.take(page([entry(2)], 40n));
    expect(cursor.position).toBe(40n);
  });

  it('never goes back', () => {
    const cursor = new FeedCursor(10n);
    expect(cursor.take(page([entry(7)], 8n))).toEqual([]);
    expect(cursor.position).toBe(10n);
  });
});
