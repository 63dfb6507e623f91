import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type Platform, twilioPlatform, withBothTracks } from '../../../test/telephony/media-streams.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { MediaStreamMachine } from './media-stream-machine.js';

const silence = 0xff;
const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const platform: Platform = twilioPlatform;

interface Packet {
  readonly track: 'inbound' | 'outbound';
  readonly chunk: number;
  readonly timestampMs: number;
}

/** Each packet is filled with a number of its own, so that what is heard tells where it came from. */
const numberOf = ({ track, chunk }: Packet): number => chunk + (track === 'inbound' ? 0 : 100);

function aCall(): MediaStreamMachine {
  const machine = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
  machine.text(JSON.stringify(platform.connected), 0);
  machine.text(JSON.stringify(withBothTracks(platform)), 0);
  return machine;
}

function send(machine: MediaStreamMachine, ...packets: readonly Packet[]): ProtocolActions {
  return packets.flatMap((packet) => {
    const message = platform.media({ ...packet, bytes: Buffer.alloc(160, numberOf(packet)) });
    return [...machine.text(JSON.stringify(message), 0)];
  });
}

const stop = (machine: MediaStreamMachine): ProtocolActions =>
  machine.text(JSON.stringify(platform.stop()), 0);

/** Of each packet handed on: the caller's number, the agent's at the packet's beginning and end, and its place. */
function heard(actions: ProtocolActions): number[][] {
  return actions.flatMap((action) => {
    if (action.kind !== 'audio') return [];
    expect(action.bytes).toHaveLength(320);
    const caller = new Set(action.bytes.filter((_, i) => i % 2 === 0));
    expect(caller.size).toBe(1);
    return [[...caller, action.bytes[1] ?? -1, action.bytes.at(-1) ?? -1, action.positionMs]];
  });
}

const caller = (chunk: number, timestampMs = (chunk - 1) * 20): Packet => ({
  ...{ track: 'inbound', chunk, timestampMs },
});
const agent = (chunk: number, timestampMs = (chunk - 1) * 20): Packet => ({
  ...{ track: 'outbound', chunk, timestampMs },
});

describe('two tracks of a stream', () => {
  it('are one call with the caller on the first channel', () => {
    const machine = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
    machine.text(JSON.stringify(platform.connected), 0);
    expect(machine.text(JSON.stringify(withBothTracks(platform)), 0)).toMatchObject([
      { kind: 'open', description: { format: { encoding: 'mulaw', channels: 2, callerChannel: 0 } } },
    ]);
  });

  it("puts what the agent says at a time beside the caller's of that time, whichever comes first", () => {
    const machine = aCall();
    expect(heard(send(machine, agent(1), caller(1)))).toEqual([[1, 101, 101, 0]]);
    expect(heard(send(machine, caller(2)))).toEqual([]);
    expect(heard(send(machine, agent(2)))).toEqual([[2, 102, 102, 20]]);
  });

  it('puts silence where the agent has none, and waits for it no longer than 60 ms', () => {
    const machine = aCall();
    send(machine, agent(1), caller(1));
    expect(heard(send(machine, caller(2), caller(3), caller(4)))).toEqual([]);
    expect(heard(send(machine, caller(5)))).toEqual([[2, silence, silence, 20]]);
    expect(heard(stop(machine)).map(([number]) => number)).toEqual([3, 4, 5]);
  });

  it('does not wait for an agent who has been silent for a second, or never spoke', () => {
    const machine = aCall();
    expect(heard(send(machine, caller(1)))).toHaveLength(1);
    send(machine, agent(1));
    expect(heard(send(machine, caller(2)))).toHaveLength(0);
    expect(heard(send(machine, caller(60, 1180)))).toHaveLength(2);
  });

  it('splits what lies across two packets of the caller', () => {
    const machine = aCall();
    const actions = send(machine, agent(1, 0), agent(2, 20), caller(1, 10), caller(2, 30), agent(3, 40));
    expect(heard(actions)).toEqual([
      [1, 101, 102, 0],
      [2, 102, 103, 20],
    ]);
  });

  it('ends the call on an agent’s payload that is none', () => {
    const message = platform.media(agent(1)) as { media: object };
    const broken = { ...message, media: { ...message.media, payload: '****' } };
    expect(aCall().text(JSON.stringify(broken), 0)).toContainEqual({
      kind: 'count',
      code: 'invalid-payload',
    });
  });

  it('changes nothing of the caller’s audio, whatever becomes of the agent’s', () => {
    const packet = fc.record({
      lost: fc.boolean(),
      agent: fc.constantFrom('none', 'before', 'after', 'late'),
    });
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 60 }), (packets) => {
        const alone = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
        alone.text(JSON.stringify(platform.connected), 0);
        alone.text(JSON.stringify(platform.start()), 0);
        const both = aCall();
        const wanted: ProtocolAction[] = [];
        const got: ProtocolAction[] = [];
        let late: Packet[] = [];
        for (const [i, { lost, agent: when }] of packets.entries()) {
          const ours = lost && i > 0 ? [] : [caller(i + 1)];
          wanted.push(...send(alone, ...ours));
          const theirs = [agent(i + 1)];
          if (when === 'before') got.push(...send(both, ...theirs));
          got.push(...send(both, ...ours));
          if (when === 'after') got.push(...send(both, ...theirs));
          got.push(...send(both, ...late));
          late = when === 'late' ? theirs : [];
        }
        wanted.push(...stop(alone));
        got.push(...stop(both));
        const lostMs = (actions: ProtocolActions): number[] =>
          actions.flatMap((action) => (action.kind === 'lost' ? [action.durationMs] : []));
        expect(lostMs(got)).toEqual(lostMs(wanted));
        const bytes = wanted.flatMap((a) => (a.kind === 'audio' ? [[a.bytes[0], a.positionMs]] : []));
        expect(heard(got).map(([number, , , positionMs]) => [number, positionMs])).toEqual(bytes);
        // Beside each packet only what was said then, or nothing.
        for (const [number = 0, from, to] of heard(got)) {
          for (const said of [from, to]) expect([silence, number + 100]).toContain(said);
        }
      }),
    );
  });
});
