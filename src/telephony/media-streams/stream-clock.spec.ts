import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  exotelPlatform,
  type Platform,
  telnyxPlatform,
  twilioPlatform,
} from '../../../test/telephony/media-streams.js';
import type { ProtocolAction } from '../protocol-machine.js';
import { MediaStreamMachine } from './media-stream-machine.js';
import { StreamClock } from './stream-clock.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const twoHoursMs = 2 * 60 * 60 * 1000;

function aCall(platform: Platform): MediaStreamMachine {
  const machine = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
  machine.text(JSON.stringify(platform.connected), 0);
  machine.text(JSON.stringify(platform.start()), 0);
  return machine;
}

/** Numerical Recipes' linear congruence: the same packets are lost on every run. */
function aDie(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

describe('stream time', () => {
  it.each([
    ['twilio', twilioPlatform],
    ['exotel', exotelPlatform],
  ])('stays that of the platform whatever is lost of a %s call', (_, platform) => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (arrives) => {
        const machine = aCall(platform);
        let heardMs = 0;
        for (const [i, came] of [true, ...arrives].entries()) {
          if (!came) continue;
          const timestampMs = i * platform.packetMs;
          const actions = machine.text(JSON.stringify(platform.media({ chunk: i + 1, timestampMs })), 0);
          for (const action of actions) {
            if (action.kind === 'lost') heardMs += action.durationMs;
            if (action.kind !== 'audio') continue;
            expect(action.positionMs).toBe(timestampMs);
            expect(heardMs).toBe(timestampMs);
            heardMs += platform.packetMs;
          }
        }
      }),
    );
  });

  it('stays that of the platform when Telnyx shuffles and loses packets of both sides', () => {
    const packet = fc.record({ delayMs: fc.nat(399), lost: fc.boolean(), outbound: fc.boolean() });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 80 }), (packets) => {
        const sent = packets.map(({ delayMs, lost, outbound }, i) => ({
          atMs: i * 20 + delayMs,
          lost: lost && i > 0,
          outbound: outbound && i > 0,
          sequence: i + 2,
          timestampMs: i * 20,
        }));
        let chunk = 0;
        const arrivals = sent
          .map((one) => ({ ...one, chunk: one.outbound ? 0 : (chunk += 1) }))
          .filter(({ lost }) => !lost)
          .sort((a, b) => a.atMs - b.atMs);
        const machine = aCall(telnyxPlatform);
        const actions: ProtocolAction[] = arrivals.flatMap(({ atMs, outbound, ...one }) => {
          const track = outbound ? 'outbound' : 'inbound';
          return [...machine.text(JSON.stringify(telnyxPlatform.media({ ...one, track })), atMs)];
        });
        actions.push(...machine.text(JSON.stringify(telnyxPlatform.stop()), 60_000));
        const positions = actions.flatMap((action) => (action.kind === 'audio' ? [action.positionMs] : []));
        const heard = sent.filter(({ lost, outbound }) => !lost && !outbound);
        expect(actions).not.toContainEqual({ kind: 'count', code: 'late-chunk' });
        // Silence on the other side is no gap of ours: between two chunks that follow each other 60 ms are let pass.
        const contiguous = heard.every(
          (one, i) => i === 0 || one.timestampMs - (heard[i - 1]?.timestampMs ?? 0) === 20,
        );
        if (contiguous) expect(positions).toEqual(heard.map(({ timestampMs }) => timestampMs));
        expect(positions).toHaveLength(heard.length);
        for (const [i, positionMs] of positions.entries()) {
          const behindMs = (heard[i]?.timestampMs ?? 0) - positionMs;
          expect(behindMs).toBeGreaterThanOrEqual(0);
          expect(behindMs).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  it('does not drift in two hours of lost packets, at the machine', () => {
    const machine = aCall(exotelPlatform);
    const die = aDie(7);
    let totalMs = 0;
    let lastMs = 0;
    for (let i = 0; i * 100 < twoHoursMs; i++) {
      if (i > 0 && die() < 0.05) continue;
      lastMs = i * 100;
      const text = JSON.stringify(exotelPlatform.media({ chunk: i + 1, timestampMs: lastMs }));
      for (const action of machine.text(text, lastMs)) {
        if (action.kind === 'audio') totalMs += 100;
        if (action.kind === 'lost') totalMs += action.durationMs;
      }
    }
    expect(totalMs).toBe(lastMs + 100);
  });

  it.each([
    ['timestamps that jitter by 15 ms', 15, 1],
    ['a platform whose clock runs 100 ppm ahead of its audio', 0, 1.0001],
    ['both', 15, 1.0001],
  ])(
    'stays within 90 ms of the platform for two hours, with %s and 5 %% of packets lost',
    (_, jitterMs, pace) => {
      const clock = new StreamClock();
      let worstMs = 0;
      const die = aDie(11);
      for (let i = 0; i * 20 < twoHoursMs; i++) {
        if (i > 0 && die() < 0.05) continue;
        const trueMs = i * 20 * pace;
        const placed = clock.place(i + 1, trueMs + jitterMs * (2 * die() - 1), 20);
        if (placed.kind === 'late') throw new Error('nothing is late here');
        worstMs = Math.max(worstMs, Math.abs(placed.positionMs - trueMs));
      }
      expect(worstMs).toBeLessThan(90);
    },
  );
});
