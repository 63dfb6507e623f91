import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { PacketOrder } from './packet-order.js';

describe('packets in no promised order', () => {
  it('come out in order as soon as none is missing before them', () => {
    const order = new PacketOrder<string>(2, 400);
    order.add(3, 'b', 0);
    expect(order.take(0)).toEqual([]);
    order.add(2, 'a', 20);
    expect(order.take(20)).toEqual(['a', 'b']);
  });

  it('are waited for 400 ms and not a moment longer', () => {
    const order = new PacketOrder<string>(1, 400);
    order.add(3, 'c', 0);
    order.add(5, 'e', 300);
    expect(order.take(399)).toEqual([]);
    expect(order.take(400)).toEqual(['c']);
    expect(order.add(2, 'b', 401)).toBe(false);
    expect(order.take(699)).toEqual([]);
    expect(order.take(700)).toEqual(['e']);
  });

  it('are dropped when they come twice, waiting or gone', () => {
    const order = new PacketOrder<string>(1, 400);
    expect(order.add(2, 'b', 0)).toBe(true);
    expect(order.add(2, 'b', 0)).toBe(false);
    order.add(1, 'a', 0);
    order.take(0);
    expect(order.add(1, 'a', 0)).toBe(false);
  });

  it('do not pile up behind a gap, however fast they come', () => {
    const order = new PacketOrder<number>(1, 400);
    let held = 0;
    for (let i = 2; i < 10_000; i++) {
      order.add(i, i, 0);
      held += 1 - order.take(0).length;
      expect(held).toBeLessThanOrEqual(101);
    }
  });

  it('come out complete and in order however they were shuffled, if each is no more than 400 ms late', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 399 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(lateness, (delays) => {
        const arrivals = delays
          .map((delayMs, i) => ({ sequence: i + 1, atMs: i * 20 + delayMs }))
          .sort((a, b) => a.atMs - b.atMs);
        const order = new PacketOrder<number>(1, 400);
        const out = arrivals.flatMap(({ sequence, atMs }) => {
          order.add(sequence, sequence, atMs);
          return order.take(atMs);
        });
        expect(out).toEqual(delays.map((_, i) => i + 1));
      }),
    );
  });
});
