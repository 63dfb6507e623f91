import { describe, expect, it } from '@jest/globals';

import { bytesPerFrame } from '../../src/core/audio/stream-format.js';
import { AudioTally } from '../../src/core/calls/audio-tally.js';
import type { PlacedAudio } from '../../src/core/calls/waiting-audio.js';
import { CallTimeline } from '../../src/modules/calls/live/call-timeline.js';
import { MediaStreamMachine } from '../../src/telephony/media-streams/media-stream-machine.js';
import { PlainMachine } from '../../src/telephony/plain/plain-machine.js';
import type { ProtocolActions } from '../../src/telephony/protocol-machine.js';
import { exotelPlatform } from './media-streams.js';

const hoursMs = 2 * 60 * 60 * 1000;
const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

/** From the platform's words to the place of each piece of audio in the call. */
class Heard {
  readonly tally = new AudioTally();
  last: PlacedAudio | undefined;
  lostTimes = 0;
  private timeline: CallTimeline | undefined;

  perform(actions: ProtocolActions): void {
    for (const action of actions) {
      if (action.kind === 'open') {
        this.timeline = new CallTimeline(action.description.format, {
          clock: { nowMs: () => 0 },
          tally: this.tally,
          placed: (chunk) => (this.last = chunk),
          lost: () => (this.lostTimes += 1),
          arrived: () => undefined,
        });
      }
      if (action.kind === 'audio') this.timeline?.audio(action.bytes, action.positionMs);
      if (action.kind === 'lost') this.timeline?.lost(action.durationMs);
    }
  }
}

describe('a call of two hours', () => {
  it('keeps every packet at its time although one in thirty never comes: what is missing is lost, not heard', () => {
    const heard = new Heard();
    const machine = new MediaStreamMachine(exotelPlatform.dialect, undefined, timeouts, 0);
    heard.perform(machine.text(JSON.stringify(exotelPlatform.connected), 0));
    const format = { encoding: 'audio/x-mulaw', sample_rate: '8000' };
    heard.perform(machine.text(JSON.stringify(exotelPlatform.start(format)), 0));
    const packetMs = 400;
    // Written once: two hours of base64 take longer than reading it.
    const packet = JSON.stringify(
      exotelPlatform.media({ chunk: 111_111, timestampMs: 2_222_222, bytes: Buffer.alloc(packetMs * 8) }),
    );
    let receivedMs = 0;
    let worstMs = 0;
    for (let i = 0; i * packetMs < hoursMs; i += 1) {
      if (i % 30 === 17) continue;
      const text = packet.replace('111111', String(i + 1)).replace('2222222', String(i * packetMs));
      heard.perform(machine.text(text, 0));
      receivedMs += packetMs;
      worstMs = Math.max(worstMs, Math.abs((heard.last?.positionMs ?? NaN) - i * packetMs));
    }
    expect(worstMs).toBe(0);
    const { now } = heard.tally;
    expect(now.receivedMs).toBe(receivedMs);
    expect(now.receivedMs + now.lostMs).toBe(hoursMs);
    expect(heard.lostTimes).toBe(hoursMs / packetMs / 30);
  });

  it.each([
    ['mulaw', 8000, 1],
    ['l16', 16_000, 2],
    ['l16', 48_000, 1],
  ] as const)(
    'loses not a sample where the protocol has no timestamps: %s at %d Hz, %d channels',
    (encoding, sampleRateHz, channels) => {
      const heard = new Heard();
      const machine = new PlainMachine(timeouts, 0);
      const start = {
        type: 'start',
        encoding,
        sampleRateHz,
        channels,
        ...(channels === 2 && { callerChannel: 1 }),
      };
      heard.perform(machine.text(JSON.stringify(start), 0));
      const frame = bytesPerFrame({ encoding, sampleRateHz, channels, callerChannel: 0 });
      const silence = new Uint8Array(3000 * frame);
      let frames = 0;
      let worstMs = 0;
      // Packets of no common length, none of which is a whole number of milliseconds.
      for (let i = 0; frames < (hoursMs / 1000) * sampleRateHz; i += 1) {
        const size = 1001 + (i % 7) * 331;
        heard.perform(machine.binary(silence.subarray(0, size * frame), 0));
        const trueMs = (frames * 1000) / sampleRateHz;
        worstMs = Math.max(worstMs, Math.abs((heard.last?.positionMs ?? NaN) - trueMs));
        frames += size;
      }
      expect(worstMs).toBeLessThan(0.01);
      expect(heard.tally.now.lostMs).toBe(0);
      expect(heard.tally.now.receivedMs).toBeCloseTo((frames * 1000) / sampleRateHz, 2);
    },
  );
});
