import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { aMachine, changed, expectFault, hellos } from '../../../test/telephony/hello.js';
import { expectRightClose } from '../../../test/telephony/right-close.js';
import { asterisk } from '../asterisk/asterisk-dialect.js';
import type { TelephonyErrorCode } from '../errors.js';
import { freeswitch } from '../freeswitch/freeswitch-dialect.js';
import { jambonz } from '../jambonz/jambonz-dialect.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { vonage } from '../vonage/vonage-dialect.js';
import type { HelloMachine } from './hello-machine.js';

const platforms = [
  {
    name: 'jambonz',
    dialect: jambonz,
    hello: changed(hellos.jambonz, {}),
    frameBytes: 4,
    bytesPerSecond: 8000 * 4,
    quiet: ['{"event":"dtmf","dtmf":"1","duration":1600}', '{"type":"playDone","data":{"id":"x"}}'],
    counted: ['{"event":"sentiment"}', '{"event":"dtmf"}{"event":"dtmf"}', 'x'],
    wrong: [[changed(hellos.jambonz, {}), 'second-start']] as [string, TelephonyErrorCode][],
  },
  {
    name: 'FreeSWITCH',
    dialect: freeswitch({ rate: '16000', mix: 'mono' }),
    hello: '{"callId":"u-1"}',
    frameBytes: 2,
    bytesPerSecond: 16000 * 2,
    quiet: [],
    counted: ['{"callId":"u-1"}', '{"dtmf":"1"}', '[1]', 'hold'],
    wrong: [],
  },
  {
    name: 'Vonage',
    dialect: vonage,
    hello: changed(hellos.vonage, {}),
    frameBytes: 2,
    bytesPerSecond: 16000 * 2,
    quiet: [
      '{"event":"websocket:dtmf","digit":"5","duration":260}',
      '{"event":"websocket:cleared"}',
      '{"event":"websocket:notify","payload":{}}',
    ],
    counted: ['{"event":"websocket:new"}', '{"event":7}', '5', '{}'],
    wrong: [[changed(hellos.vonage, {}), 'second-start']] as [string, TelephonyErrorCode][],
  },
  {
    name: 'Asterisk',
    dialect: asterisk({}),
    hello: changed(hellos.asterisk, {}),
    frameBytes: 1,
    bytesPerSecond: 8000,
    quiet: [
      'MEDIA_XOFF',
      'MEDIA_XON',
      'DTMF_END digit:5 channel_id:1761245643.1',
      '{"event":"DTMF_END","channel_id":"1761245643.1","digit":"5"}',
      'MEDIA_BUFFERING_COMPLETED x',
      'STATUS channel_id:1 queue_length:43 xon_level:800 xoff_level:900',
      '{"event":"MEDIA_MARK_PROCESSED","channel_id":"1","correlation_id":""}',
      'QUEUE_DRAINED',
    ],
    counted: ['ERROR channel_id:1 error_text:bad', 'toString', '', '{"event":"NEW"}', '{}'],
    wrong: [
      [changed(hellos.asterisk, {}), 'second-start'],
      ['MEDIA_START channel_id:1 format:ulaw', 'second-start'],
    ] as [string, TelephonyErrorCode][],
  },
];

function kindsOf(actions: ProtocolActions): string[] {
  return actions.map(({ kind }) => kind);
}

describe.each(platforms)('a stream of $name', (platform) => {
  const { dialect, hello, frameBytes, bytesPerSecond } = platform;

  function aStartedMachine(): HelloMachine {
    const machine = aMachine(dialect);
    machine.text(hello, 0);
    return machine;
  }

  it('opens a call and places its audio by what came before, however it is cut', () => {
    const machine = aMachine(dialect);
    expect(machine.text(hello, 0)).toMatchObject([{ kind: 'open' }]);
    const half = new Uint8Array(bytesPerSecond / 2);
    const drop = new Uint8Array(frameBytes);
    expect(machine.binary(half, 1)).toEqual([{ kind: 'audio', bytes: half, positionMs: 0 }]);
    expect(machine.binary(half, 2)).toEqual([{ kind: 'audio', bytes: half, positionMs: 500 }]);
    expect(machine.binary(drop, 3)).toEqual([{ kind: 'audio', bytes: drop, positionMs: 1000 }]);
  });

  it.each([
    ['hung up', 1000, 'ended'],
    ['closed without a word', 1005, 'ended'],
    ['cut', 1006, 'disconnected'],
    ['left by a platform that goes down', 1001, 'disconnected'],
  ])('ends once when it is %s', (_, closeCode, reason) => {
    const machine = aStartedMachine();
    expect(machine.disconnected(closeCode)).toEqual([{ kind: 'end', reason }]);
    expect(machine.disconnected(closeCode)).toEqual([]);
  });

  it('that never opened a call ends none', () => {
    expect(aMachine(dialect).disconnected(1000)).toEqual([]);
  });

  it('closes with its reason when Timbre ends the call, after the last result', () => {
    const machine = aStartedMachine();
    expect(machine.ended('engine-failure')).toEqual([{ kind: 'end', reason: 'engine-failure' }]);
    expect(machine.text(hello, 1)).toEqual([{ kind: 'count', code: 'message-after-stop' }]);
    expect(machine.binary(new Uint8Array(frameBytes), 1)).toEqual([
      { kind: 'count', code: 'message-after-stop' },
    ]);
    expectFault(machine.flushed(), 'engine-failure', false);
    expect(machine.text(hello, 2)).toEqual([]);
    expect(machine.binary(new Uint8Array(frameBytes), 2)).toEqual([]);
  });

  it('is told when another stream has resumed its call', () => {
    const machine = aStartedMachine();
    expect(machine.ended('taken-over')).toEqual([{ kind: 'end', reason: 'taken-over' }]);
    expectFault(machine.flushed(), 'taken-over', false);
  });

  it('is sent away when Timbre shuts down before it began', () => {
    expectFault(aMachine(dialect).ended('shutdown'), 'shutting-down', false);
  });

  it('gives up after 5 s without a word, not a moment early', () => {
    const machine = aMachine(dialect);
    expect(machine.tick(4999)).toEqual([]);
    expectFault(machine.tick(5000), 'start-timeout', false);
  });

  it('is held after 5 s without audio, once, and ends after 60 s, whatever texts come', () => {
    const machine = aStartedMachine();
    machine.binary(new Uint8Array(frameBytes), 1000);
    expect(machine.tick(5999)).toEqual([]);
    expect(machine.tick(6000)).toEqual([{ kind: 'hold' }]);
    for (const text of [...platform.quiet, ...platform.counted]) machine.text(text, 50_000);
    expect(machine.tick(60_999)).toEqual([]);
    expect(machine.tick(61_000)).toEqual([{ kind: 'end', reason: 'silence-timeout' }]);
    expectFault(machine.flushed(), 'silence-timeout', false);
  });

  it('is not troubled by what the platform says in mid-call', () => {
    const machine = aStartedMachine();
    for (const text of platform.quiet) expect(machine.text(text, 0)).toEqual([]);
    for (const text of platform.counted) {
      const code = text.startsWith('ERROR') ? 'platform-error' : 'unknown-event';
      expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
    }
    expect(machine.binary(new Uint8Array(frameBytes), 0)).toMatchObject([{ kind: 'audio', positionMs: 0 }]);
  });

  it('that was held is heard again as soon as it has something to say', () => {
    const machine = aStartedMachine();
    expect(machine.tick(5000)).toEqual([{ kind: 'hold' }]);
    expect(kindsOf(machine.binary(new Uint8Array(frameBytes), 30_000))).toEqual(['audio']);
    expect(machine.tick(34_999)).toEqual([]);
    expect(machine.tick(35_000)).toEqual([{ kind: 'hold' }]);
  });

  it('drops and counts what may not come in mid-call, and ends when a hundred have', () => {
    for (const [text, code] of platform.wrong) {
      const machine = aStartedMachine();
      for (let i = 1; i < 100; i += 1) expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
      expectFault(machine.text(text, 0), code, true);
    }
  });

  const early = platform.dialect.unannounced
    ? 'takes audio that comes before its text for the call, and the text for its description'
    : 'keeps the last second of audio that comes before its text';
  it(early, () => {
    const machine = aMachine(dialect);
    const half = bytesPerSecond / 2;
    const pieces = [1, 2, 3].map((n) => new Uint8Array(half).fill(n));
    pieces.forEach((piece, i) => {
      expect(machine.binary(piece, i)).toEqual([]);
    });
    // Asterisk under load has been seen to send 100 ms of audio before MEDIA_START; other texts may come before it, too.
    const texts = platform.dialect.unannounced ? [hello] : ['{"event":"dtmf"}', 'x', hello];
    const actions = texts.flatMap((text) => machine.text(text, 5));
    expect(actions.filter(({ kind }) => kind === 'open' || kind === 'audio')).toMatchObject([
      { kind: 'open' },
      { kind: 'audio', bytes: pieces[1], positionMs: 0 },
      { kind: 'audio', bytes: pieces[2], positionMs: 500 },
    ]);
    expect(actions).toContainEqual({ kind: 'count', code: 'audio-before-start' });
    expect(kindsOf(actions)).not.toContain('close');
    expect(machine.binary(new Uint8Array(frameBytes), 6)).toMatchObject([{ positionMs: 1000 }]);
  });

  it('waits no longer for its text than for any first message, though audio comes', () => {
    if (dialect.unannounced) return;
    const machine = aMachine(dialect);
    for (let ms = 0; ms < 5000; ms += 20) expect(machine.binary(new Uint8Array(frameBytes), ms)).toEqual([]);
    expectFault(machine.tick(5000), 'start-timeout', false);
  });

  it('takes each message only in its place: before the call, in it, after Timbre ended it, and closed', () => {
    const audio = new Uint8Array(frameBytes);
    const states: Record<'before' | 'streaming' | 'finishing' | 'closed', () => HelloMachine> = {
      before: () => aMachine(dialect),
      streaming: aStartedMachine,
      finishing: () => {
        const machine = aStartedMachine();
        machine.ended('engine-failure');
        return machine;
      },
      closed: () => {
        const machine = aStartedMachine();
        machine.malformed(1009);
        return machine;
      },
    };
    const texts = [hello, ...platform.quiet, ...platform.counted];
    for (const [i, text] of texts.entries()) {
      const begins = dialect.unannounced !== undefined || i === 0;
      const first = states.before().text(text, 0);
      expect(kindsOf(first)).toEqual([begins ? 'open' : 'count']);
      expect(kindsOf(states.streaming().text(text, 0))).not.toContain('open');
      expect(states.finishing().text(text, 0)).toEqual([{ kind: 'count', code: 'message-after-stop' }]);
      expect(states.closed().text(text, 0)).toEqual([]);
    }
    expect(states.before().binary(audio, 0)).toEqual([]);
    expect(kindsOf(states.streaming().binary(audio, 0))).toEqual(['audio']);
    expect(states.finishing().binary(audio, 0)).toEqual([{ kind: 'count', code: 'message-after-stop' }]);
    expect(states.closed().binary(audio, 0)).toEqual([]);
  });

  it('loses a frame that holds half a sample, and keeps the place of what follows', () => {
    if (frameBytes === 1) return;
    const machine = aStartedMachine();
    const tenth = bytesPerSecond / 10;
    machine.binary(new Uint8Array(tenth), 0);
    expect(machine.binary(new Uint8Array(tenth + 1), 0)).toEqual([
      { kind: 'lost', durationMs: 100 },
      { kind: 'count', code: 'partial-frame' },
    ]);
    expect(machine.binary(new Uint8Array(1), 0)).toEqual([{ kind: 'count', code: 'partial-frame' }]);
    expect(machine.binary(new Uint8Array(tenth), 0)).toMatchObject([{ kind: 'audio', positionMs: 200 }]);
  });

  it.each([
    [1009, 'oversize-frame'],
    [1007, 'invalid-text'],
    [1002, 'broken-frame'],
  ] as const)('counts what the WebSocket itself refused with %d', (closeCode, code) => {
    expectFault(aStartedMachine().malformed(closeCode), code, true);
  });

  it('never throws or sends, opens and ends at most one call, and says nothing after its close', () => {
    type Step = (machine: HelloMachine, now: number) => ProtocolActions;
    const said = [hello, ...platform.quiet, ...platform.counted, ...platform.wrong.map(([text]) => text)];
    const text = fc.oneof(
      fc.constantFrom(hello, ...said),
      fc.tuple(fc.constantFrom(...said), fc.nat(200)).map(([whole, cut]) => whole.slice(0, cut)),
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.constant(hello.repeat(500)),
      fc
        .dictionary(
          fc.constantFrom('event', 'callSid', 'sampleRate', 'mixType', 'format', 'from', '__proto__', 'x'),
          fc.anything(),
        )
        .map((fields) => changed(JSON.parse(hello) as object, fields)),
    );
    const step = fc.oneof(
      text.map(
        (data): Step =>
          (machine, now) =>
            machine.text(data, now),
      ),
      fc.uint8Array({ maxLength: 9 }).map(
        (data): Step =>
          (machine, now) =>
            machine.binary(data, now),
      ),
      fc.constantFrom<Step>(
        (machine) => machine.malformed(1009),
        (machine, now) => machine.tick(now),
        (machine) => machine.ended('engine-failure'),
        (machine) => machine.result(),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.nat(20_000)), { maxLength: 40 }),
        fc.boolean(),
        (steps, begun) => {
          const machine = aMachine(dialect);
          const all: ProtocolAction[] = [];
          const perform = (actions: ProtocolActions): void => {
            for (const action of actions) {
              all.push(action);
              if (action.kind === 'end') perform(machine.flushed());
            }
          };
          if (begun) perform(machine.text(hello, 0));
          let now = 0;
          for (const [act, elapsedMs] of steps) perform(act(machine, (now += elapsedMs)));
          perform(machine.disconnected(1006));

          const count = (kind: string): number => all.filter((action) => action.kind === kind).length;
          expect(count('send')).toBe(0);
          expect(count('open')).toBeLessThanOrEqual(1);
          expect(count('end')).toBe(count('open'));
          expect(count('close')).toBeLessThanOrEqual(1);
          expectRightClose(all);
          const positions = all.flatMap((action) => (action.kind === 'audio' ? [action.positionMs] : []));
          expect(positions).toEqual([...positions].sort((a, b) => a - b));
        },
      ),
      { numRuns: 300 },
    );
  });
});
