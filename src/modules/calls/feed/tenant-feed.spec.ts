import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallId } from '../../../core/ids.js';
import { FeedCursor, type FeedPage } from './feed-cursor.js';
import { TenantFeed } from './tenant-feed.js';

/** A log that grows; reads of it see it as it was when they began, and take some turns of the event loop. */
class Log {
  head = 0;
  reads = 0;
  failing = false;

  constructor(private readonly turns: readonly number[] = [1]) {}

  readonly read = async (position: bigint, limit = 3): Promise<FeedPage> => {
    this.reads += 1;
    const head = this.head;
    for (let turn = this.turns[this.reads % this.turns.length] ?? 1; turn > 0; turn--) await aTurn();
    if (this.failing) throw new Error('no database');
    const ids: bigint[] = [];
    for (let id = position + 1n; id <= BigInt(head) && ids.length < limit; id++) ids.push(id);
    return {
      entries: ids.map((eventId) => ({ eventId, callId: 'a' as CallId, message: String(eventId) })),
      position: ids.length === limit ? (ids.at(-1) ?? position) : BigInt(head),
    };
  };
}

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function settled(log: Log): Promise<void> {
  for (let reads = -1; reads !== log.reads;) {
    reads = log.reads;
    for (let turn = 0; turn < 12; turn++) await aTurn();
  }
}

/** Catches up by itself, then joins: as a socket's session does. */
async function member(
  log: Log,
  feed: TenantFeed,
  from: number,
): Promise<{ heard: number[]; leave: () => void }> {
  const heard: number[] = [];
  const cursor = new FeedCursor(BigInt(from));
  const deliver = (page: FeedPage): void => {
    heard.push(...cursor.take(page).map(({ eventId }) => Number(eventId)));
  };
  for (;;) {
    const page = await log.read(cursor.position);
    deliver(page);
    if (page.entries.length === 0 && feed.join(cursor.position, deliver)) break;
  }
  return {
    heard,
    leave: () => {
      feed.leave(deliver);
    },
  };
}

const fail = (error: unknown): void => {
  throw error;
};

describe('TenantFeed', () => {
  it('reads once for all its members, however many', async () => {
    const log = new Log();
    const feed = new TenantFeed(log.read, fail);
    const members = await Promise.all([member(log, feed, 0), member(log, feed, 0), member(log, feed, 0)]);
    await settled(log);
    const before = log.reads;
    log.head = 2;
    feed.wake();
    await settled(log);
    expect(members.map(({ heard }) => heard)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    // One that finds the rows, one that finds no more.
    expect(log.reads - before).toBe(2);
  });

  it('reads nothing for nobody', async () => {
    const log = new Log();
    const feed = new TenantFeed(log.read, fail);
    const { leave } = await member(log, feed, 0);
    await settled(log);
    leave();
    const before = log.reads;
    feed.wake();
    await settled(log);
    expect(log.reads).toBe(before);
  });

  it('ends when its read under way has come back, and reads no more', async () => {
    const log = new Log([3]);
    const feed = new TenantFeed(log.read, fail);
    const { heard } = await member(log, feed, 0);
    await settled(log);
    log.head = 1;
    feed.wake();
    const before = log.reads;
    let cameBack = false;
    const ended = feed.end().then(() => {
      cameBack = true;
    });
    await aTurn();
    expect(cameBack).toBe(false);
    await ended;
    feed.wake();
    await settled(log);
    expect(log.reads).toBe(before);
    expect(heard).toEqual([]);
  });

  it('gives what a failed read missed at the next wake-up', async () => {
    const log = new Log();
    const errors: unknown[] = [];
    const feed = new TenantFeed(log.read, (error) => errors.push(error));
    const { heard } = await member(log, feed, 0);
    await settled(log);
    log.head = 1;
    log.failing = true;
    feed.wake();
    await settled(log);
    log.failing = false;
    feed.wake();
    await settled(log);
    expect(errors).toHaveLength(1);
    expect(heard).toEqual([1]);
  });

  it('says nothing of a read that fails once it has ended: nobody waits for it', async () => {
    const log = new Log([3]);
    const errors: unknown[] = [];
    const feed = new TenantFeed(log.read, (error) => errors.push(error));
    await member(log, feed, 0);
    await settled(log);
    log.head = 1;
    feed.wake();
    log.failing = true;
    await feed.end();
    expect(errors).toEqual([]);
  });

  it('gives every member each event once and in order, whenever it joins and whenever the log grows', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('grow' as const),
        by: fc.integer({ min: 1, max: 7 }),
      }),
      fc.record({ kind: fc.constant('join' as const), behind: fc.nat(10) }),
      fc.record({ kind: fc.constant('leave' as const) }),
      fc.record({ kind: fc.constant('turn' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(fc.nat(5), { minLength: 3 }),
        async (steps, turns) => {
          const log = new Log(turns);
          const feed = new TenantFeed(log.read, fail);
          const joining: { from: number; joined: ReturnType<typeof member> }[] = [];
          for (const taken of steps) {
            if (taken.kind === 'grow') {
              log.head += taken.by;
              feed.wake();
            } else if (taken.kind === 'join') {
              const from = Math.max(0, log.head - taken.behind);
              joining.push({ from, joined: member(log, feed, from) });
            } else if (taken.kind === 'leave') {
              (await joining.shift()?.joined)?.leave();
            } else {
              await aTurn();
            }
          }
          const members = await Promise.all(
            joining.map(async ({ from, joined }) => ({ from, ...(await joined) })),
          );
          await settled(log);
          for (const { from, heard } of members) {
            expect(heard).toEqual(Array.from({ length: log.head - from }, (_, n) => from + n + 1));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
