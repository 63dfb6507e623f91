import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type Platform, platforms, withBothTracks, without } from '../../../test/telephony/media-streams.js';
import { expectRightClose } from '../../../test/telephony/right-close.js';
import { telephonyErrors, type TelephonyErrorCode } from '../errors.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { MediaStreamMachine } from './media-stream-machine.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const states = ['awaiting-start', 'streaming', 'finishing', 'closed'] as const;
type StateName = (typeof states)[number];
const named = platforms.map((platform) => [platform.dialect.protocol, platform] as const);

function aMachine(platform: Platform, state: StateName = 'awaiting-start'): MediaStreamMachine {
  const machine = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
  const steps = states.indexOf(state);
  if (steps >= 1) machine.text(JSON.stringify(platform.start()), 0);
  if (state === 'finishing' || state === 'closed') machine.text(JSON.stringify(platform.stop()), 0);
  if (state === 'closed') machine.flushed();
  return machine;
}

function say(machine: MediaStreamMachine, message: object, nowMs = 0): ProtocolActions {
  return machine.text(JSON.stringify(message), nowMs);
}

/** Dropped and counted: the stream goes on without it. */
function expectSkipped(
  machine: MediaStreamMachine,
  actions: ProtocolActions,
  code: TelephonyErrorCode,
): void {
  expect(actions).toEqual([{ kind: 'count', code }]);
  expect(machine.ended('shutdown').map(({ kind }) => kind)).not.toEqual([]);
}

function expectFault(actions: ProtocolActions, code: TelephonyErrorCode): void {
  expect(actions).toContainEqual({ kind: 'count', code });
  expect(actions).toContainEqual({ kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code });
}

describe.each(named)('a %s stream', (protocol, platform) => {
  /** What each message does in each state before stop: is taken, or skipped and counted as a fault of this name. */
  const reactions: Record<string, readonly [object, Record<string, TelephonyErrorCode | 'fine'>]> = {
    connected: [platform.connected, { 'awaiting-start': 'fine', streaming: 'fine' }],
    start: [platform.start(), { 'awaiting-start': 'fine', streaming: 'second-start' }],
    media: [platform.media(), { 'awaiting-start': 'fine', streaming: 'fine' }],
    stop: [platform.stop(), { 'awaiting-start': 'message-before-start', streaming: 'fine' }],
    dtmf: [platform.dtmf, { 'awaiting-start': 'fine', streaming: 'fine' }],
  };

  it.each(Object.entries(reactions))(
    'takes %s in its place, and skips it elsewhere',
    (_, [message, byState]) => {
      for (const [state, reaction] of Object.entries(byState)) {
        const machine = aMachine(platform, state as StateName);
        const actions = say(machine, message);
        if (reaction === 'fine') {
          expect(actions.filter(({ kind }) => kind === 'close' || kind === 'count')).toEqual([]);
        } else expectSkipped(machine, actions, reaction);
      }
      expect(say(aMachine(platform, 'finishing'), message)).toEqual([
        { kind: 'count', code: 'message-after-stop' },
      ]);
      expect(say(aMachine(platform, 'closed'), message)).toEqual([]);
    },
  );

  it('hears the last second of audio that came before its start', () => {
    const machine = aMachine(platform);
    const early = Array.from({ length: 103 }, (_, i) =>
      say(machine, platform.media({ chunk: i + 1, timestampMs: i * platform.packetMs })),
    );
    expect(early.flat()).toEqual(Array(3).fill({ kind: 'count', code: 'audio-before-start' }));
    const actions = say(machine, platform.start());
    expect(actions[0]).toMatchObject({ kind: 'open' });
    const heard = [...actions, ...machine.ended('ended')].filter(({ kind }) => kind === 'audio');
    expect(heard).toHaveLength(100);
    expect(heard[1]).toMatchObject({ positionMs: platform.packetMs });
  });

  it('opens, hears and ends a call without ever sending', () => {
    const machine = aMachine(platform, 'awaiting-start');
    expect(say(machine, platform.start())).toMatchObject([{ kind: 'open', description: { protocol } }]);
    expect(say(machine, platform.media())).toEqual([
      { kind: 'audio', bytes: platform.packet, positionMs: 0 },
    ]);
    expect(say(machine, platform.stop())).toEqual([{ kind: 'end', reason: 'ended' }]);
    expect(machine.flushed()).toEqual([{ kind: 'close', closeCode: 1000, reason: 'stopped' }]);
  });

  it('lets a second stream of the same call resume it', () => {
    const [opened] = say(aMachine(platform, 'awaiting-start'), platform.start());
    const { externalId, streamKey, resumes } = opened?.kind === 'open' ? opened.description : {};
    expect(streamKey).toBe(externalId);
    expect(resumes).toEqual([externalId]);
  });

  it("takes the claim, the attestation and the direction from the flow's own parameters", () => {
    const parameters = {
      customerId: 'ACC-1',
      stirVerstat: 'TN-Validation-Passed-B',
      direction: 'inbound',
      queue: 'payouts',
    };
    const [opened] = say(aMachine(platform, 'awaiting-start'), platform.start(undefined, parameters));
    expect(opened).toMatchObject({
      description: {
        claimedCustomer: 'ACC-1',
        attestation: 'B',
        direction: 'inbound',
        metadata: { queue: 'payouts' },
      },
    });
    expect(JSON.stringify(opened)).not.toContain('stirVerstat');
  });

  it("hears nothing of an agent's side that it was not told of", () => {
    const machine = aMachine(platform, 'streaming');
    expect(say(machine, platform.media({ track: 'outbound' }))).toEqual([]);
  });

  it.each(platform.needs.start)('refuses a start without %s: %s', (path, code) => {
    const actions = say(aMachine(platform, 'awaiting-start'), without(platform.start(), path));
    expectFault(actions, code as TelephonyErrorCode);
    expect(actions.some(({ kind }) => kind === 'open')).toBe(false);
  });

  it.each(platform.needs.media)('drops and counts media without %s', (path) => {
    const machine = aMachine(platform, 'streaming');
    expectSkipped(machine, say(machine, without(platform.media(), path)), 'invalid-field');
  });

  it.each(platform.spare)('hears media without %s', (path) => {
    const machine = aMachine(platform, 'streaming');
    const packets = [1, 2].map((chunk) =>
      platform.media({ chunk, timestampMs: (chunk - 1) * platform.packetMs, sequence: chunk + 1 }),
    );
    const actions = packets.flatMap((media) => say(machine, without(media, path)));
    expect(actions).toEqual([
      { kind: 'audio', bytes: platform.packet, positionMs: 0 },
      { kind: 'audio', bytes: platform.packet, positionMs: platform.packetMs },
    ]);
  });

  it.each([
    ['empty', () => ''],
    ['no base64', () => '@@@@'],
    ['cut short', (text: string) => text.slice(0, 5)],
  ])('drops a payload that is %s, and hears on', (_, changed) => {
    const machine = aMachine(platform, 'streaming');
    const withPayload = (message: object, change: (text: string) => string): object => {
      const { media } = message as { media: { payload: string } };
      return { ...message, media: { ...media, payload: change(media.payload) } };
    };
    const actions = say(machine, withPayload(platform.media({ chunk: 1 }), changed));
    expect(actions).toEqual([{ kind: 'count', code: 'invalid-payload' }]);
    // RFC 2045 §6.8: lines of 76 characters; RFC 4648 §3.2: padding may be left out.
    const lines = (text: string): string => text.replace(/.{76}/g, '$&\r\n').replace(/=+$/, '');
    const next = platform.media({ chunk: 2, timestampMs: platform.packetMs });
    expect(say(machine, withPayload(next, lines)).find(({ kind }) => kind === 'audio')).toMatchObject({
      bytes: platform.packet,
    });
  });

  it('gives up when a hundred more packets are bad than good, with the code of the last', () => {
    const machine = aMachine(platform, 'streaming');
    const bad = without(platform.media(), 'media.payload');
    for (let i = 1; i < 100; i += 1) expect(say(machine, bad)).toHaveLength(1);
    say(machine, platform.media());
    expect(say(machine, bad)).toHaveLength(1);
    const actions = say(machine, bad);
    expectFault(actions, 'invalid-field');
    expect(actions).toContainEqual({ kind: 'end', reason: 'protocol-error' });
  });

  it.each(platform.foreign)('refuses media that it can not decode: %j', (format) => {
    expectFault(say(aMachine(platform, 'awaiting-start'), platform.start(format)), 'unsupported-format');
  });

  it('skips and counts a message of another stream', () => {
    for (const message of [platform.media({ stream: 'other' }), platform.stop('other')]) {
      const machine = aMachine(platform, 'streaming');
      expectSkipped(machine, say(machine, message), 'wrong-stream');
    }
  });

  it.each([
    ['text that is no JSON', 'hello', 'not-json'],
    ['JSON that is no object', '[1]', 'not-json'],
    ['a message without event', '{"type":"start"}', 'invalid-field'],
  ] as const)('skips %s in every state', (_, text, code) => {
    for (const state of ['awaiting-start', 'streaming'] as const) {
      const machine = aMachine(platform, state);
      expectSkipped(machine, machine.text(text, 0), code);
    }
  });

  it('skips and counts an event that it does not know, and an error of the platform', () => {
    const machine = aMachine(platform, 'streaming');
    expect(say(machine, { event: 'sentiment' })).toEqual([{ kind: 'count', code: 'unknown-event' }]);
    expect(say(machine, { event: 'error', payload: { code: 100002 } })).toEqual([
      { kind: 'count', code: 'platform-error' },
    ]);
    expect(say(machine, platform.media())).toHaveLength(1);
  });

  it('skips binary frames, and is closed by what WebSocket itself refused', () => {
    const machine = aMachine(platform, 'streaming');
    expectSkipped(machine, machine.binary(), 'binary-instead-of-text');
    expectFault(aMachine(platform, 'streaming').malformed(1009), 'oversize-frame');
  });

  it('gives up on a socket that does not start, and on a call that falls silent, not a moment early', () => {
    const mute = aMachine(platform, 'awaiting-start');
    expect(mute.tick(4999)).toEqual([]);
    expectFault(mute.tick(5000), 'start-timeout');
    const silent = aMachine(platform, 'streaming');
    expect(silent.tick(4999)).toEqual([]);
    expect(silent.tick(5000)).toEqual([{ kind: 'hold' }]);
    expect(silent.tick(59_999)).toEqual([]);
    expect(silent.tick(60_000)).toEqual([{ kind: 'end', reason: 'silence-timeout' }]);
    expectFault(silent.flushed(), 'silence-timeout');
  });

  it('says why when Timbre ends the stream', () => {
    for (const [reason, code] of [
      ['shutdown', 'shutting-down'],
      ['engine-failure', 'engine-failure'],
      ['taken-over', 'taken-over'],
      ['access-ended', 'access-ended'],
    ] as const) {
      const machine = aMachine(platform, 'streaming');
      expect(machine.ended(reason)).toEqual([{ kind: 'end', reason }]);
      expectFault(machine.flushed(), code);
    }
  });

  it('survives whatever comes, in whatever order: one call at most, ended once, nothing sent, audio in order', () => {
    type Step = (machine: MediaStreamMachine, now: number) => ProtocolActions;
    const outbound = platform.media({ track: 'outbound' });
    const messages = [
      ...[platform.connected, platform.start(), platform.stop(), platform.media(), platform.dtmf],
      ...[withBothTracks(platform), outbound],
    ];
    const texts = messages.map((message) => JSON.stringify(message));
    const small = fc.nat(60);
    const text = fc.oneof(
      fc.constantFrom(...texts),
      fc
        .record({
          chunk: small,
          timestampMs: fc.nat(100_000_000),
          sequence: small,
          track: fc.constantFrom('inbound', 'outbound'),
        })
        .map((packet) => JSON.stringify(platform.media(packet))),
      fc.tuple(fc.constantFrom(...texts), fc.nat(200)).map(([whole, cut]) => whole.slice(0, cut)),
      fc
        .tuple(fc.constantFrom(...messages), fc.object())
        .map(([message, more]) => JSON.stringify({ ...message, ...more })),
      // As much as a text may hold: a payload, a parameter, a name.
      fc.constantFrom(
        ...[
          platform.media({ bytes: Buffer.alloc(48_000) }),
          platform.start(undefined, { x: 'y'.repeat(60_000) }),
        ].map((huge) => JSON.stringify(huge)),
        JSON.stringify({ event: 'x'.repeat(60_000) }),
      ),
      fc.json(),
    );
    const step = fc.oneof(
      {
        arbitrary: text.map(
          (data): Step =>
            (machine, now) =>
              machine.text(data, now),
        ),
        weight: 8,
      },
      {
        arbitrary: fc.constantFrom<Step>(
          (machine) => machine.binary(),
          (machine) => machine.malformed(1009),
          (machine, now) => machine.tick(now),
          (machine) => machine.ended('engine-failure'),
        ),
        weight: 1,
      },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.nat(1000)), { maxLength: 40 }),
        fc.constantFrom('not' as const, 1, 5),
        (steps, begun) => {
          const machine = new MediaStreamMachine(platform.dialect, platform.accountId, timeouts, 0);
          const all: ProtocolAction[] = [];
          const perform = (actions: ProtocolActions): void => {
            for (const action of actions) {
              all.push(action);
              if (action.kind === 'end') perform(machine.flushed());
            }
          };
          if (begun !== 'not') for (const at of [0, begun]) perform(machine.text(texts[at] ?? '', 0));
          let now = 0;
          for (const [act, elapsedMs] of steps) perform(act(machine, (now += elapsedMs)));
          perform(machine.disconnected());

          const count = (kind: string): number => all.filter((action) => action.kind === kind).length;
          expect(count('send')).toBe(0);
          expect(count('open')).toBeLessThanOrEqual(1);
          expect(count('end')).toBe(count('open'));
          expect(count('close')).toBeLessThanOrEqual(1);
          expectRightClose(all);
          const kinds = all.map(({ kind }) => kind);
          if (count('audio') > 0) expect(kinds.indexOf('audio')).toBeGreaterThan(kinds.indexOf('open'));
          if (count('end') > 0) expect(kinds.lastIndexOf('audio')).toBeLessThan(kinds.indexOf('end'));
          const positions = all.flatMap((action) => (action.kind === 'audio' ? [action.positionMs] : []));
          expect(positions).toEqual([...positions].sort((a, b) => a - b));
        },
      ),
      { numRuns: 300 },
    );
  });
});
