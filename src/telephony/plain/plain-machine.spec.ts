import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { aCallId as callId, aResult } from '../../../test/telephony/builders.js';
import { expectRightClose } from '../../../test/telephony/right-close.js';
import { telephonyErrors, type TelephonyErrorCode } from '../errors.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { PlainMachine } from './plain-machine.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000 };

function aMachine(): PlainMachine {
  return new PlainMachine(timeouts, 0);
}

function start(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    type: 'start',
    encoding: 'l16',
    sampleRateHz: 16000,
    channels: 2,
    callerChannel: 0,
    ...fields,
  });
}

function aStartedMachine(fields: Readonly<Record<string, unknown>> = {}): PlainMachine {
  const machine = aMachine();
  machine.text(start(fields), 0);
  machine.opened(callId);
  return machine;
}

function kinds(actions: ProtocolActions): string[] {
  return actions.map(({ kind }) => kind);
}

function sent(actions: ProtocolActions): Readonly<Record<string, unknown>>[] {
  return actions.flatMap((action) => (action.kind === 'send' ? [action.message] : []));
}

function expectFault(actions: ProtocolActions, code: TelephonyErrorCode, field?: string): void {
  expect(actions).toContainEqual({ kind: 'count', code });
  expect(sent(actions)).toEqual([
    {
      type: 'error',
      code,
      message: expect.stringContaining(telephonyErrors[code].message) as unknown,
      ...(field === undefined ? {} : { field }),
    },
  ]);
  expect(actions).toContainEqual({ kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code });
}

describe('a call over the plain protocol', () => {
  it('opens with what the start message says, and answers with the call id', () => {
    const machine = aMachine();
    const opened = machine.text(
      start({
        callId: 'ext-7',
        ani: '+15550100',
        dnis: '+15550199',
        claimedCustomerId: 'ACC-1',
        metadata: { queue: 'payouts' },
        direction: 'inbound',
        attestation: 'A',
      }),
      10,
    );
    expect(opened).toEqual([
      {
        kind: 'open',
        description: {
          protocol: 'plain',
          externalId: 'ext-7',
          format: { encoding: 'l16', sampleRateHz: 16000, channels: 2, callerChannel: 0 },
          ani: '+15550100',
          dnis: '+15550199',
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'payouts' },
          direction: 'inbound',
          attestation: 'A',
          streamKey: 'ext-7',
          resumes: ['ext-7'],
        },
      },
    ]);
    expect(machine.opened(callId)).toEqual([{ kind: 'send', message: { type: 'started', callId } }]);
  });

  it('takes the only channel for the caller', () => {
    const [action] = aMachine().text(start({ channels: 1, callerChannel: undefined }), 0);
    expect(action).toMatchObject({ description: { format: { channels: 1, callerChannel: 0 } } });
  });

  it('says so when it resumes the call of an earlier stream, and closes the earlier one', () => {
    const later = aMachine();
    later.text(start({ callId: 'ext-7' }), 0);
    expect(later.opened(callId, true)).toEqual([
      { kind: 'send', message: { type: 'started', callId, resumed: true } },
    ]);
    const earlier = aStartedMachine({ callId: 'ext-7' });
    expect(earlier.ended('taken-over')).toEqual([{ kind: 'end', reason: 'taken-over' }]);
    expect(earlier.flushed(aResult())).toContainEqual({
      kind: 'close',
      closeCode: telephonyErrors['taken-over'].closeCode,
      reason: 'taken-over',
    });
  });

  it('cannot be resumed when the platform gave it no id', () => {
    const [action] = aMachine().text(start(), 0);
    expect(action).not.toHaveProperty('description.resumes');
  });

  it('says that its only channel carries both voices', () => {
    const [action] = aMachine().text(start({ channels: 1, callerChannel: undefined, mixed: true }), 0);
    expect(action).toMatchObject({ description: { mixed: true } });
  });

  it.each([1, 2])('keeps time over two hours of 20 ms packets, to the sample (%d channels)', (channels) => {
    const machine = aStartedMachine({ sampleRateHz: 8000, channels });
    const packet = new Uint8Array(160 * 2 * channels);
    let last: ProtocolActions = [];
    for (let at = 0; at <= 7_200_000; at += 20) last = machine.binary(packet, at);
    expect(last).toEqual([{ kind: 'audio', bytes: packet, positionMs: 7_200_000 }]);
  });

  it('places audio by the samples received before it', () => {
    const machine = aStartedMachine();
    machine.binary(new Uint8Array(640 * 2), 20);
    expect(machine.binary(new Uint8Array(64), 40)).toEqual([
      { kind: 'audio', bytes: new Uint8Array(64), positionMs: 20 },
    ]);
  });

  it('sends results only when asked for', () => {
    expect(aStartedMachine().result(aResult())).toEqual([]);
    expect(aStartedMachine({ results: true }).result(aResult({ callId }))).toEqual([
      { kind: 'send', message: { type: 'result', ...aResult({ callId }) } },
    ]);
  });

  it('ends with the last result, then says that it stopped, then closes', () => {
    const machine = aStartedMachine({ results: true });
    expect(machine.text('{"type":"stop"}', 100)).toEqual([{ kind: 'end', reason: 'ended' }]);
    const last = aResult({ callId });
    expect(machine.flushed(last)).toEqual([
      { kind: 'send', message: { type: 'result', ...last } },
      { kind: 'send', message: { type: 'stopped', callId, audio: last.audio } },
      { kind: 'close', closeCode: 1000, reason: 'stopped' },
    ]);
  });

  it('does not repeat the last result when nothing but its time is new', () => {
    const machine = aStartedMachine({ results: true });
    machine.result(aResult({ at: '2026-01-01T00:00:00.000Z' }));
    machine.text('{"type":"stop"}', 100);
    const after = sent(machine.flushed(aResult({ at: '2026-01-01T00:00:01.000Z' })));
    expect(after.map(({ type }) => type)).toEqual(['stopped']);
  });

  it('ends the call as disconnected when the socket goes away, once', () => {
    const machine = aStartedMachine();
    expect(machine.disconnected()).toEqual([{ kind: 'end', reason: 'disconnected' }]);
    expect(machine.disconnected()).toEqual([]);
  });

  it('takes a close in good order for a stop', () => {
    expect(aStartedMachine().disconnected(1000)).toEqual([{ kind: 'end', reason: 'ended' }]);
  });

  it('says why when Timbre itself ends the call, after the last result', () => {
    const machine = aStartedMachine({ results: true });
    expect(machine.ended('shutdown')).toEqual([{ kind: 'end', reason: 'shutdown' }]);
    const farewell = machine.flushed(aResult());
    expect(sent(farewell).map(({ type, code }) => code ?? type)).toEqual(['result', 'shutting-down']);
    expect(farewell).toContainEqual({ kind: 'close', closeCode: 1012, reason: 'shutting-down' });
  });

  it('sends a socket away that had not started when Timbre shuts down', () => {
    expectFault(aMachine().ended('shutdown'), 'shutting-down');
  });
});

describe('bad input on the plain protocol', () => {
  const badStarts: [string, string, TelephonyErrorCode, string | undefined][] = [
    ['text that is no JSON', 'hello', 'not-json', undefined],
    ['JSON that is no object', '[1]', 'not-json', undefined],
    ['a message without type', '{}', 'invalid-field', 'type'],
    ['a message of an unknown type', '{"type":"begin"}', 'unknown-type', 'type'],
    ['stop before start', '{"type":"stop"}', 'message-before-start', undefined],
    ['an unknown field', start({ costumer: 'x' }), 'unknown-field', 'costumer'],
    ['a field of a wrong type', start({ ani: 15550100 }), 'invalid-field', 'ani'],
    ['a missing field', start({ encoding: undefined }), 'invalid-field', 'encoding'],
    ['a rate as text', start({ sampleRateHz: '8000' }), 'invalid-field', 'sampleRateHz'],
    ['an unsupported rate', start({ sampleRateHz: 44100 }), 'unsupported-format', 'sampleRateHz'],
    ['an unsupported codec', start({ encoding: 'opus' }), 'unsupported-format', 'encoding'],
    ['too many channels', start({ channels: 6 }), 'unsupported-format', 'channels'],
    [
      "two channels without the caller's",
      start({ callerChannel: undefined }),
      'invalid-field',
      'callerChannel',
    ],
    [
      "a caller's channel that is not there",
      start({ channels: 1, callerChannel: 1 }),
      'unsupported-format',
      'callerChannel',
    ],
    ['two channels that are mixed', start({ mixed: true }), 'invalid-field', 'mixed'],
    ['an unknown attestation', start({ attestation: 'D' }), 'invalid-field', 'attestation'],
    ['an unknown direction', start({ direction: 'in' }), 'invalid-field', 'direction'],
    ['metadata that is no text', start({ metadata: { a: 1 } }), 'invalid-field', 'metadata.a'],
  ];
  it.each(badStarts)('refuses %s', (_, text, code, field) => {
    expectFault(aMachine().text(text, 0), code, field);
  });

  it('hears audio that came before start, its last second', () => {
    const machine = aMachine();
    // 48 kHz, 16 bits, two channels.
    const half = (48_000 * 4) / 2;
    for (const n of [1, 2, 3]) expect(machine.binary(new Uint8Array(half).fill(n), 0)).toEqual([]);
    const actions = machine.text(start({ sampleRateHz: 48_000 }), 10);
    expect(actions.filter(({ kind }) => kind === 'open' || kind === 'audio')).toMatchObject([
      { kind: 'open' },
      { bytes: new Uint8Array(half).fill(2), positionMs: 0 },
      { bytes: new Uint8Array(half).fill(3), positionMs: 500 },
    ]);
    expect(sent(actions)).toMatchObject([{ type: 'error', code: 'audio-before-start' }]);
  });

  it.each([
    ['l16, one channel', { channels: 1 }, 3],
    ['l16, two channels', { channels: 2 }, 6],
    ['mulaw, two channels', { encoding: 'mulaw', channels: 2 }, 5],
  ])('loses audio that is no whole number of frames, says so, and goes on: %s', (_, fields, bytes) => {
    const machine = aStartedMachine(fields);
    const actions = machine.binary(new Uint8Array(bytes), 0);
    expect(kinds(actions)).toEqual(['lost', 'count', 'send']);
    expect(sent(actions)).toMatchObject([{ type: 'error', code: 'partial-frame' }]);
    const [lost] = actions;
    const positionMs = lost?.kind === 'lost' ? lost.durationMs : NaN;
    expect(machine.binary(new Uint8Array(4), 0)).toMatchObject([{ kind: 'audio', positionMs }]);
  });

  it.each([
    ['a second start', start(), 'second-start'],
    ['text where binary belongs', 'AAAA////', 'text-instead-of-binary'],
    ['an unknown message in mid-call', '{"type":"pause"}', 'unknown-type'],
    ['a stop with an unknown field', '{"type":"stop","why":"x"}', 'unknown-field'],
  ] as const)(
    'says what is wrong with %s, goes on, and ends the call when a hundred have come',
    (_, text, code) => {
      const machine = aStartedMachine();
      for (let i = 1; i < 100; i += 1) {
        const actions = machine.text(text, 0);
        expect(kinds(actions)).toEqual(['count', 'send']);
        expect(sent(actions)).toMatchObject([{ type: 'error', code }]);
      }
      expect(kinds(machine.binary(new Uint8Array(4), 0))).toEqual(['audio']);
      machine.text(text, 0);
      const actions = machine.text(text, 0);
      expect(actions).toContainEqual({
        kind: 'close',
        closeCode: telephonyErrors[code].closeCode,
        reason: code,
      });
      expect(actions).toContainEqual({ kind: 'end', reason: 'protocol-error' });
    },
  );

  it('says so and goes on when something comes after stop', () => {
    const machine = aStartedMachine();
    machine.text('{"type":"stop"}', 0);
    expect(kinds(machine.binary(new Uint8Array(4), 1))).toEqual(['count', 'send']);
    expect(kinds(machine.text(start(), 1))).toEqual(['count', 'send']);
    expect(kinds(machine.flushed(aResult()))).toEqual(['send', 'close']);
  });

  it('gives up on a socket that never speaks, not a moment early', () => {
    const machine = aMachine();
    expect(machine.tick(4999)).toEqual([]);
    expectFault(machine.tick(5000), 'start-timeout');
  });

  it('ends a call that fell silent with its last result, not a moment early', () => {
    const machine = aStartedMachine({ results: true });
    machine.binary(new Uint8Array(4), 1000);
    expect(machine.tick(60_999)).toEqual([]);
    expect(machine.tick(61_000)).toEqual([{ kind: 'end', reason: 'silence-timeout' }]);
    expect(machine.tick(62_000)).toEqual([]);
    const farewell = machine.flushed(aResult());
    expect(sent(farewell).map(({ type, code }) => code ?? type)).toEqual(['result', 'silence-timeout']);
    expect(farewell).toContainEqual({ kind: 'close', closeCode: 4009, reason: 'silence-timeout' });
  });

  it.each([
    [1009, 'oversize-frame'],
    [1007, 'invalid-text'],
    [1002, 'broken-frame'],
  ] as const)('counts what the WebSocket itself refused with %d', (closeCode, code) => {
    expectFault(aMachine().malformed(closeCode), code);
  });

  it('never repeats what a caller wrote into a field', () => {
    const actions = aMachine().text(start({ ani: { secret: '+15550100' }, dnis: 'x'.repeat(65) }), 0);
    expect(JSON.stringify(actions)).not.toContain('15550100');
  });
});

/** What each message brings about in each state: nothing wrong, or the fault of this name. */
const states = {
  'before its start': (): PlainMachine => aMachine(),
  streaming: () => aStartedMachine(),
  'being stopped': () => {
    const machine = aStartedMachine();
    machine.text('{"type":"stop"}', 0);
    return machine;
  },
  closed: () => {
    const machine = aMachine();
    machine.text('{', 0);
    return machine;
  },
};
type What = 'start' | 'stop' | 'another type' | 'no type' | 'no JSON' | 'audio' | 'an empty frame';
const messages: Record<What, (machine: PlainMachine) => ProtocolActions> = {
  start: (machine) => machine.text(start(), 0),
  stop: (machine) => machine.text('{"type":"stop"}', 0),
  'another type': (machine) => machine.text('{"type":"pause"}', 0),
  'no type': (machine) => machine.text('{}', 0),
  'no JSON': (machine) => machine.text('x', 0),
  audio: (machine) => machine.binary(new Uint8Array(4), 0),
  'an empty frame': (machine) => machine.binary(new Uint8Array(0), 0),
};
const table: Record<keyof typeof states, Record<What, TelephonyErrorCode | 'fine'>> = {
  'before its start': {
    start: 'fine',
    stop: 'message-before-start',
    'another type': 'unknown-type',
    'no type': 'invalid-field',
    'no JSON': 'not-json',
    audio: 'fine',
    'an empty frame': 'fine',
  },
  streaming: {
    start: 'second-start',
    stop: 'fine',
    'another type': 'unknown-type',
    'no type': 'invalid-field',
    'no JSON': 'text-instead-of-binary',
    audio: 'fine',
    'an empty frame': 'fine',
  },
  'being stopped': whatever('message-after-stop'),
  closed: whatever('fine'),
};

function whatever(code: TelephonyErrorCode | 'fine'): Record<What, TelephonyErrorCode | 'fine'> {
  return Object.fromEntries(Object.keys(messages).map((what) => [what, code])) as Record<What, typeof code>;
}

describe.each(Object.keys(states) as (keyof typeof states)[])('a stream that is %s', (state) => {
  it.each(Object.keys(messages) as What[])('takes %s as the table says', (what) => {
    const actions = messages[what](states[state]());
    const counted = actions.flatMap((action) => (action.kind === 'count' ? [action.code] : []));
    expect(counted).toEqual(table[state][what] === 'fine' ? [] : [table[state][what]]);
  });
});

it.each(['type', 'encoding', 'sampleRateHz', 'channels', 'callerChannel'])(
  'a start without %s is refused, and the answer names it',
  (field) => {
    expectFault(aMachine().text(start({ [field]: undefined }), 0), 'invalid-field', field);
  },
);

describe('whatever comes, in whatever order', () => {
  const stop = '{"type":"stop"}';
  const step = fc.oneof(
    fc
      .constantFrom(start(), start({ results: true }), stop, start({ channels: 1, encoding: 'alaw' }))
      .map((text) => (machine: PlainMachine, now: number) => machine.text(text, now)),
    fc.tuple(fc.constantFrom(start(), stop), fc.nat(120)).map(
      ([text, cut]) =>
        (machine: PlainMachine, now: number) =>
          machine.text(text.slice(0, cut), now),
    ),
    fc.json().map((text) => (machine: PlainMachine, now: number) => machine.text(text, now)),
    // As much as a frame may hold.
    fc.constant((machine: PlainMachine, now: number) =>
      machine.text(start({ metadata: { huge: 'x'.repeat(65_000) } }), now),
    ),
    fc.constant((machine: PlainMachine, now: number) => machine.binary(new Uint8Array(1024 * 1024), now)),
    fc.string().map((text) => (machine: PlainMachine, now: number) => machine.text(text, now)),
    fc
      .dictionary(fc.constantFrom('type', 'encoding', 'channels', '__proto__', 'x'), fc.anything())
      .map((object) => (machine: PlainMachine, now: number) => machine.text(JSON.stringify(object), now)),
    fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => (machine: PlainMachine, now: number) => machine.binary(bytes, now)),
    fc.constantFrom(1002, 1007, 1009).map((code) => (machine: PlainMachine) => machine.malformed(code)),
    fc.constant((machine: PlainMachine, now: number) => machine.tick(now)),
    fc.constant((machine: PlainMachine) => machine.ended('engine-failure')),
    fc.constant((machine: PlainMachine) => machine.result(aResult())),
  );

  it('never throws, opens and ends at most one call, closes at most once and says nothing after', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(20_000)), { maxLength: 30 }), (steps) => {
        const machine = aMachine();
        const all: ProtocolAction[] = [];
        // As the gateway does: what is asked for is done, and answered, before anything else happens.
        const perform = (actions: ProtocolActions): void => {
          for (const action of actions) {
            all.push(action);
            if (action.kind === 'open') perform(machine.opened(callId));
            if (action.kind === 'end') perform(machine.flushed(aResult()));
          }
        };
        let now = 0;
        for (const [act, elapsedMs] of steps) perform(act(machine, (now += elapsedMs)));
        perform(machine.disconnected());

        const count = (kind: string): number => all.filter((action) => action.kind === kind).length;
        expect(count('open')).toBeLessThanOrEqual(1);
        expect(count('end')).toBe(count('open'));
        expect(count('close')).toBeLessThanOrEqual(1);
        expectRightClose(all);
        const open = all.findIndex(({ kind }) => kind === 'open');
        const audio = all.findIndex(({ kind }) => kind === 'audio');
        if (audio >= 0) expect(audio).toBeGreaterThan(open);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the error table', () => {
  it('gives every fault of a caller its own code, and only close codes that may be sent', () => {
    for (const { closeCode } of Object.values(telephonyErrors)) {
      if (closeCode === null) continue;
      const registered = [1002, 1003, 1007, 1008, 1009, 1011, 1012].includes(closeCode);
      // RFC 6455 §7.4.2: 4000 to 4999 are for private use.
      expect(registered || (closeCode >= 4000 && closeCode <= 4999)).toBe(true);
    }
  });
});
