import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { aResult } from '../../../test/telephony/builders.js';
import { telephonyErrors, type FatalErrorCode, type TelephonyErrorCode } from '../errors.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { AudiohookMachine } from './audiohook-machine.js';
import { nilUuid } from './audiohook-messages.js';

const sessionId = '30b0e395-84d3-4570-ac13-9a62d8f514c0';
const organizationId = 'd7934305-0972-4844-938e-9060eef73d05';
const conversationId = '5cf37f24-5b3b-4b5c-8b0c-2f3f2b3f9c11';
const another = '4f0f8e1a-58b8-4d0a-9a0e-0d6a0f0b7c11';
const stereo = { type: 'audio', format: 'PCMU', channels: ['external', 'internal'], rate: 8000 };
const external = { ...stereo, channels: ['external'] };
const internal = { ...stereo, channels: ['internal'] };
const openParameters = {
  organizationId,
  conversationId,
  participant: { id: another, ani: 'tel:+15550100', aniName: 'A', dnis: 'tel:+15550199' },
  media: [external, stereo],
  language: 'en-US',
};
const probe = { conversationId: nilUuid, participant: { id: nilUuid, ani: '', aniName: '', dnis: '' } };

/** Well-formed parameters of every client message. */
const parametersOf = {
  open: openParameters,
  close: { reason: 'end' },
  discarded: { start: 'PT1S', discarded: 'PT0.5S' },
  error: { code: 500, message: 'Internal client error' },
  paused: {},
  ping: { rtt: 'PT0.05S' },
  resumed: { start: 'PT1S', discarded: 'PT2S' },
  update: { language: 'de-DE' },
} as const;
type ClientType = keyof typeof parametersOf;
const clientTypes = Object.keys(parametersOf) as ClientType[];

/** The client's end, counting as the protocol wants; what the machine asks for is done before anything else, as the gateway does. */
class Talk {
  readonly machine = new AudiohookMachine(
    { sessionId, organizationId },
    { firstMessageMs: 5000, silenceMs: 60_000 },
    0,
  );
  readonly done: ProtocolAction[] = [];
  seq = 0;
  nowMs = 0;
  /** Set: the last result is not there yet. */
  slow = false;

  text(type: string, parameters: object = {}, changed: object = {}): string {
    const body = { version: '2', id: sessionId, type, seq: this.seq + 1, serverseq: 0, position: 'PT0S' };
    return JSON.stringify({ ...body, parameters, ...changed });
  }

  say(type: string, parameters: object = {}, changed: object = {}): ProtocolActions {
    const text = this.text(type, parameters, changed);
    this.seq += 1;
    return this.perform(this.machine.text(text, this.nowMs));
  }

  open(parameters: object = {}): ProtocolActions {
    return this.say('open', { ...openParameters, ...parameters });
  }

  hear(bytes: number): ProtocolActions {
    return this.perform(this.machine.binary(Buffer.alloc(bytes), this.nowMs));
  }

  pass(ms: number): ProtocolActions {
    this.nowMs += ms;
    return this.perform(this.machine.tick(this.nowMs));
  }

  perform(actions: ProtocolActions): ProtocolActions {
    return actions.flatMap((action) => {
      this.done.push(action);
      if (action.kind === 'open') return [action, ...this.perform(this.machine.opened())];
      if (action.kind === 'end' && !this.slow) return [action, ...this.perform(this.machine.flushed())];
      return [action];
    });
  }
}

/** A talk in each state that a client can bring it to. */
const states = {
  'awaiting open': () => new Talk(),
  streaming: () => {
    const talk = new Talk();
    talk.open();
    return talk;
  },
  paused: () => {
    const talk = states.streaming();
    talk.say('paused');
    return talk;
  },
  'open without media': () => {
    const talk = new Talk();
    talk.open({ media: [internal] });
    return talk;
  },
  probed: () => {
    const talk = new Talk();
    talk.open(probe);
    return talk;
  },
  disconnected: () => {
    const talk = states.streaming();
    talk.perform(talk.machine.ended('engine-failure'));
    return talk;
  },
  'asked to reconnect': () => {
    const talk = states.streaming();
    talk.perform(talk.machine.ended('shutdown'));
    return talk;
  },
  closing: () => {
    const talk = states.streaming();
    talk.slow = true;
    talk.say('close', { reason: 'end' });
    return talk;
  },
  closed: () => {
    const talk = states.streaming();
    talk.say('close', { reason: 'end' });
    return talk;
  },
};
type StateName = keyof typeof states;

const sent = (actions: ProtocolActions): Readonly<Record<string, unknown>>[] =>
  actions.flatMap((action) => (action.kind === 'send' ? [action.message] : []));
const saidTypes = (actions: ProtocolActions): unknown[] => sent(actions).map(({ type }) => type);
const kinds = (actions: ProtocolActions): string[] => actions.map(({ kind }) => kind);
const counted = (actions: ProtocolActions): string[] =>
  actions.flatMap((action) => (action.kind === 'count' ? [action.code] : []));

function expectFault(actions: ProtocolActions, code: FatalErrorCode, number: number): void {
  expect(counted(actions)).toEqual([code]);
  const info = `${String(number)} ${code}: ${telephonyErrors[code].message}`;
  expect(sent(actions)).toMatchObject([{ type: 'disconnect', parameters: { reason: 'error', info } }]);
}

describe('an AudioHook session', () => {
  it('is opened with the stereo offer, unchanged, and the caller on external', () => {
    const actions = new Talk().open({ customConfig: { customerId: 'ACC-1', site: 'x', n: 1 } });
    expect(actions[0]).toEqual({
      kind: 'open',
      description: {
        protocol: 'audiohook',
        externalId: conversationId,
        format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 2, callerChannel: 0 },
        ani: '+15550100',
        dnis: '+15550199',
        claimedCustomer: 'ACC-1',
        metadata: { site: 'x' },
        streamKey: `${conversationId}/${sessionId}`,
        resumes: [],
      },
    });
    expect(sent(actions)).toEqual([
      {
        version: '2',
        id: sessionId,
        type: 'opened',
        seq: 1,
        clientseq: 1,
        parameters: { media: [stereo], startPaused: false },
      },
    ]);
  });

  it.each([
    ['external alone before nothing', [internal, external], external, 1, 0],
    ['the first of two that fit', [{ ...stereo, format: 'L16' }, stereo], { ...stereo, format: 'L16' }, 2, 0],
    ['channels the other way round', [{ ...stereo, channels: ['internal', 'external'] }], undefined, 2, 1],
    ['what can be read beside what can not', [{ ...stereo, format: 'OPUS' }, external], external, 1, 0],
  ])('takes %s', (_what, media: (typeof stereo)[], taken, channels, callerChannel) => {
    const actions = new Talk().open({ media });
    expect(sent(actions)).toMatchObject([{ parameters: { media: [taken ?? media[0]] } }]);
    expect(actions[0]).toMatchObject({ description: { format: { channels, callerChannel } } });
  });

  it.each([
    ['the agent alone', [internal]],
    ['another rate', [{ ...stereo, rate: 16_000 }]],
    ['no audio', [{ ...stereo, type: 'video' }]],
    ['three channels', [{ ...stereo, channels: ['external', 'internal', 'x'] }]],
    ['nothing', []],
  ])('has an empty list for offers of %s, and drops audio then', (_what, media) => {
    const talk = new Talk();
    expect(sent(talk.open({ media }))).toMatchObject([{ type: 'opened', parameters: { media: [] } }]);
    expect(talk.hear(160)).toEqual([{ kind: 'count', code: 'unsupported-format' }]);
  });

  it('says that it supports no language in particular, when asked', () => {
    const actions = new Talk().open({ supportedLanguages: true });
    expect(sent(actions)).toMatchObject([{ parameters: { supportedLanguages: [] } }]);
  });

  it('records nothing of a probe: no call is opened, no audio taken', () => {
    const talk = new Talk();
    expect(kinds(talk.open(probe))).toEqual(['send']);
    expect(talk.hear(160)).toEqual([]);
    expect(saidTypes(talk.say('ping'))).toEqual(['pong']);
    expect(saidTypes(talk.say('close', { reason: 'end' }))).toEqual(['closed']);
  });

  it('resumes the call of the last of the sessions it names, and only of the same conversation', () => {
    const continued = [another, organizationId].map((id) => ({ id, serverseq: 3, clientseq: 9 }));
    const [open] = new Talk().open({ continuedSessions: continued });
    const resumes = [`${conversationId}/${organizationId}`, `${conversationId}/${another}`];
    expect(open).toMatchObject({ description: { streamKey: `${conversationId}/${sessionId}`, resumes } });
  });

  it('counts samples and missing stretches as stream time', () => {
    const talk = states.streaming();
    expect(talk.hear(1600)).toMatchObject([{ kind: 'audio', positionMs: 0 }]);
    const lost = talk.say('discarded', { start: 'PT0.1S', discarded: 'PT1.5S' });
    expect(lost).toEqual([{ kind: 'lost', durationMs: 1500 }]);
    expect(talk.hear(1600)).toMatchObject([{ positionMs: 1600 }]);
    expect(talk.say('paused')).toEqual([]);
    talk.say('resumed', { start: 'PT1.7S', discarded: 'PT2S' });
    expect(talk.hear(1600)).toMatchObject([{ positionMs: 3700 }]);
  });

  it('does not drift in two hours of packets of any size', () => {
    const talk = states.streaming();
    let samples = 0;
    // 2 h at 8 kHz, stereo, in packets of 1 to 160 frames and some more.
    for (let i = 0; samples < 7200 * 8000; i += 1) {
      const frames = 997 + (i % 160) * 97;
      const [audio] = talk.machine.binary(new Uint8Array(frames * 2), 0);
      const positionMs = audio?.kind === 'audio' ? audio.positionMs : NaN;
      if (i % 97 === 0) expect(Math.abs(positionMs - samples / 8)).toBeLessThan(0.001);
      samples += frames;
    }
  });

  it('lets samples decide where the client counts otherwise, and counts that once', () => {
    const talk = states.streaming();
    talk.hear(16_000);
    expect(counted(talk.say('ping', {}, { position: 'PT1.9S' }))).toEqual([]);
    expect(counted(talk.say('ping', {}, { position: 'PT30S' }))).toEqual(['position-drift']);
    expect(counted(talk.say('ping', {}, { position: 'PT30S' }))).toEqual([]);
    expect(talk.hear(160)).toMatchObject([{ kind: 'audio', positionMs: 1000 }]);
  });

  it('answers ping and update at once, each under the number it answers', () => {
    const talk = states.streaming();
    expect(sent(talk.say('ping'))).toMatchObject([{ type: 'pong', seq: 2, clientseq: 2, parameters: {} }]);
    expect(sent(talk.say('update', { language: 'de-DE' }))).toMatchObject([{ type: 'updated', seq: 3 }]);
  });

  it('answers 5 pings a second after a burst, and drops and counts more', () => {
    const steady = states.streaming();
    for (let i = 0; i < 100; i += 1) {
      steady.nowMs += 200;
      expect(saidTypes(steady.say('ping'))).toEqual(['pong']);
    }
    const flood = states.streaming();
    const answers = Array.from({ length: 30 }, () => flood.say('ping')).flat();
    // Genesys takes bursts of 25, opened among them; closed must still fit.
    expect(sent(answers).length).toBeLessThanOrEqual(24);
    expect(new Set(saidTypes(answers))).toEqual(new Set(['pong']));
    expect(new Set(counted(answers))).toEqual(new Set(['rate-limit']));
  });
});

describe('the end of an AudioHook session', () => {
  it('is said once the last result has come, and nothing after it', () => {
    const talk = states.closing();
    expect(talk.done.at(-1)).toEqual({ kind: 'end', reason: 'ended' });
    expect(sent(talk.perform(talk.machine.flushed()))).toMatchObject([
      { type: 'closed', seq: 2, clientseq: 2 },
    ]);
    expect(talk.say('ping')).toEqual([]);
  });

  it.each([
    ['end', 'ended'],
    ['error', 'disconnected'],
    ['disconnect', 'disconnected'],
    ['reconnect', 'disconnected'],
  ])('with reason %s is %s for the call', (reason, ended) => {
    expect(states.streaming().say('close', { reason })).toMatchObject([
      { kind: 'end', reason: ended },
      { message: { type: 'closed' } },
    ]);
  });

  it('does not keep a client waiting that will come back at once', () => {
    const talk = states.streaming();
    talk.slow = true;
    expect(saidTypes(talk.say('close', { reason: 'reconnect' }))).toEqual(['closed']);
    expect(talk.perform(talk.machine.flushed())).toEqual([]);
  });

  it('is a reconnect when Timbre shuts down; closed follows the close', () => {
    const talk = states.streaming();
    const asked = talk.perform(talk.machine.ended('shutdown'));
    expect(saidTypes(asked)).toEqual(['reconnect']);
    expect(asked).toContainEqual({ kind: 'end', reason: 'shutdown' });
    // Audio under way is nobody's any more.
    expect(talk.hear(160)).toEqual([]);
    expect(saidTypes(talk.say('close', { reason: 'reconnect' }))).toEqual(['closed']);
    expect(talk.pass(5000)).toEqual([]);
    expect(talk.pass(5000)).toMatchObject([{ kind: 'close', closeCode: 1012 }]);
  });

  it('before open is a 503 when Timbre shuts down', () => {
    const talk = new Talk();
    expectFault(talk.perform(talk.machine.ended('shutdown')), 'shutting-down', 503);
  });

  it('says that the engine failed', () => {
    const talk = states.streaming();
    expectFault(talk.perform(talk.machine.ended('engine-failure')), 'engine-failure', 500);
  });

  it('completes the old session when another one has taken its call over', () => {
    const talk = states.streaming();
    const actions = talk.perform(talk.machine.ended('taken-over'));
    expect(sent(actions)).toMatchObject([{ type: 'disconnect', parameters: { reason: 'completed' } }]);
    expect(saidTypes(talk.say('close', { reason: 'disconnect' }))).toEqual(['closed']);
  });

  it.each([
    ['no open comes', 'awaiting open', 5000, 'start-timeout'],
    ['no audio comes', 'streaming', 60_000, 'silence-timeout'],
    ['nothing comes while paused', 'paused', 60_000, 'silence-timeout'],
  ] as const)('comes with 408 when %s', (_when, state, ms, code) => {
    const talk = states[state]();
    expect(talk.pass(ms - 1)).toEqual([]);
    expectFault(talk.pass(1), code, 408);
    expect(talk.pass(500)).toEqual([]);
    expect(talk.pass(5000)).toMatchObject([{ kind: 'close', closeCode: telephonyErrors[code].closeCode }]);
  });

  it('does not come while pings do in a pause, which may be long', () => {
    const talk = states.paused();
    for (let i = 0; i < 100; i += 1) {
      talk.nowMs += 50_000;
      talk.say('ping');
      expect(talk.pass(0)).toEqual([]);
    }
  });

  it('comes although pings do, when the stream should have audio', () => {
    const talk = states.streaming();
    talk.nowMs += 60_000;
    talk.say('ping');
    expectFault(talk.pass(0), 'silence-timeout', 408);
  });

  it.each([
    [1009, 'oversize-frame', 413],
    [1007, 'invalid-text', 400],
    [1002, 'broken-frame', 400],
  ] as const)(
    'after a frame that breaks WebSocket with %d is said and counted',
    (closeCode, code, number) => {
      const talk = states.streaming();
      const actions = talk.perform(talk.machine.malformed(closeCode));
      expectFault(actions, code, number);
      expect(actions).toContainEqual({ kind: 'end', reason: 'protocol-error' });
    },
  );

  it('is the end of the call when the socket goes', () => {
    expect(states.streaming().machine.disconnected()).toEqual([{ kind: 'end', reason: 'disconnected' }]);
    expect(states.closed().machine.disconnected()).toEqual([]);
  });
});

const nothing = '';

/** The call is heard on. */
function expectGoesOn(talk: Talk): void {
  expect(kinds(talk.hear(160))).toEqual(['audio']);
  expect(saidTypes(talk.say('close', { reason: 'end' }))).toEqual(['closed']);
}

describe('a wrong message', () => {
  it.each([
    ['another version', { version: '1' }, 'wrong-version', 400],
    ['no version', { version: undefined }, 'wrong-version', 400],
    ['another id', { id: conversationId }, 'wrong-session', 409],
    ['no id', { id: undefined }, 'wrong-session', 409],
    ['no seq', { seq: undefined }, 'invalid-field', 400],
    ['a seq in letters', { seq: '2' }, 'invalid-field', 400],
    ['half a seq', { seq: 2.5 }, 'invalid-field', 400],
    ['no serverseq', { serverseq: undefined }, 'invalid-field', 400],
    ['a negative serverseq', { serverseq: -1 }, 'invalid-field', 400],
    ['no type', { type: undefined }, 'invalid-field', 400],
  ] as const)(
    'with %s is answered with disconnect where the call should open, and dropped in mid-call',
    (...one) => {
      const [, changed, code, number] = one;
      expectFault(new Talk().say('open', openParameters, changed), code, number);
      const talk = states.streaming();
      expect(talk.say('ping', {}, changed)).toEqual([{ kind: 'count', code }]);
      talk.seq -= 1;
      expectGoesOn(talk);
    },
  );

  it.each([
    ['a gap in seq', { seq: 7 }],
    ['a seq for the second time', { seq: 1 }],
    ['a serverseq never sent', { serverseq: 9 }],
  ])(
    'with %s is counted, and answered all the same',
    (_what, changed: { seq?: number; serverseq?: number }) => {
      const talk = states.streaming();
      const actions = talk.say('ping', {}, changed);
      expect(counted(actions)).toEqual(['sequence-gap']);
      expect(saidTypes(actions)).toEqual(['pong']);
      talk.seq = changed.seq ?? talk.seq;
      expectGoesOn(talk);
    },
  );

  it.each([
    ['no position', { position: undefined }],
    ['no duration for a position', { position: '12' }],
    ['hours for a position', { position: 'PT1H' }],
    ['a negative position', { position: 'PT-1S' }],
    ['a position of years', { position: 'PT999999999S' }],
    ['no parameters', { parameters: undefined }],
    ['a list of parameters', { parameters: [] }],
  ])('is none for %s, which Timbre does not need', (_what, changed) => {
    const talk = states.streaming();
    const actions = talk.say('ping', {}, changed);
    expect(saidTypes(actions)).toEqual(['pong']);
    expect(counted(actions)).toEqual([]);
    expectGoesOn(talk);
  });

  it.each([['opened'], ['toString'], ['sentiment']])(
    'of the unknown type %s is skipped and counted',
    (type) => {
      for (const talk of [new Talk(), states.streaming()]) {
        expect(talk.say(type, { any: 'thing' })).toEqual([{ kind: 'count', code: 'unknown-event' }]);
        if (talk.done.length === 1) expect(saidTypes(talk.open())).toEqual(['opened']);
        expectGoesOn(talk);
      }
    },
  );

  it.each(['dtmf', 'playback_started', 'playback_completed'])(
    'is none where an Audio Connector says %s, which asks for no answer',
    (type) => {
      const talk = states.streaming();
      expect(talk.say(type, type === 'dtmf' ? { digit: '5' } : {})).toEqual([]);
      expectGoesOn(talk);
    },
  );

  it.each(['PT0S', 'PT.5S', 'PT1.25S', 'PT0012.340S'])('is none for the position %s', (position) => {
    expect(saidTypes(states.streaming().say('ping', {}, { position }))).toEqual(['pong']);
  });

  it.each([
    ['open', 'organizationId'],
    ['open', 'conversationId'],
    ['open', 'participant'],
    ['open', 'participant.id'],
    ['open', 'media'],
    ['open', 'media.0.type'],
    ['open', 'media.0.format'],
    ['open', 'media.0.channels'],
    ['open', 'media.0.rate'],
    ['open', 'continuedSessions.0.id'],
    ['open', 'continuedSessions.0.serverseq'],
    ['open', 'continuedSessions.0.clientseq'],
  ] as const)('is %s without %s', (type, path) => {
    const whole = { ...parametersOf[type], continuedSessions: [{ id: another, serverseq: 1, clientseq: 1 }] };
    expectFault(new Talk().say(type, without(whole, path.split('.'))), 'invalid-field', 400);
  });

  it.each([
    ['discarded', 'start', nothing],
    ['discarded', 'discarded', nothing],
    ['resumed', 'discarded', nothing],
    ['update', 'language', 'updated'],
    ['error', 'code', nothing],
    ['error', 'message', nothing],
  ] as const)('is none where %s says no %s: its meaning is plain', (type, field, said) => {
    const talk = type === 'resumed' ? states.paused() : states.streaming();
    const actions = talk.say(type, without(parametersOf[type], [field]));
    expect(saidTypes(actions)).toEqual(said === nothing ? [] : [said]);
    expectGoesOn(talk);
  });

  it('is none where close says no reason, or one that is new', () => {
    for (const parameters of [{}, { reason: 'moved' }]) {
      expect(states.streaming().say('close', parameters)).toMatchObject([
        { kind: 'end', reason: 'ended' },
        { message: { type: 'closed' } },
      ]);
    }
  });

  it('is an open for another organisation than the one that signed', () => {
    const actions = new Talk().open({ organizationId: another });
    expect(counted(actions)).toEqual(['wrong-session']);
    expect(sent(actions)).toMatchObject([{ type: 'disconnect', parameters: { reason: 'unauthorized' } }]);
    expect(kinds(actions)).not.toContain('open');
  });

  it('is audio that holds no whole sample of both channels: it is dropped', () => {
    for (const bytes of [161, 0]) {
      const talk = states.streaming();
      expect(talk.hear(bytes)).toEqual([{ kind: 'count', code: 'partial-frame' }]);
      expectGoesOn(talk);
    }
  });

  it('ends the session when there are a hundred more of them than good ones, is told once, and the close is taken', () => {
    const talk = states.streaming();
    for (let i = 0; i < 300; i += 1) {
      expect(counted(talk.hear(161))).toEqual(['partial-frame']);
      talk.hear(160);
    }
    const bad = Array.from({ length: 100 }, () => talk.hear(161)).flat();
    expect(counted(bad)).toHaveLength(100);
    expect(saidTypes(bad)).toEqual(['disconnect']);
    expect(bad.at(-1)).toEqual({ kind: 'end', reason: 'protocol-error' });
    expect(talk.hear(161)).toEqual([]);
    expect(saidTypes(talk.say('close', { reason: 'disconnect' }))).toEqual(['closed']);
  });
});

/** What each message, or audio, brings about in each state: what is said, or the fault that is counted. */
const table: Record<StateName, Record<ClientType | 'audio', string>> = {
  'awaiting open': {
    open: 'opened',
    close: 'closed',
    ping: 'pong',
    error: 'platform-error',
    discarded: 'message-before-start',
    paused: 'message-before-start',
    resumed: 'message-before-start',
    update: 'message-before-start',
    audio: 'audio-before-start',
  },
  streaming: {
    open: 'second-start',
    close: 'closed',
    ping: 'pong',
    error: 'platform-error',
    discarded: nothing,
    paused: nothing,
    resumed: 'unexpected-message',
    update: 'updated',
    audio: nothing,
  },
  paused: {
    open: 'second-start',
    close: 'closed',
    ping: 'pong',
    error: 'platform-error',
    discarded: nothing,
    paused: nothing,
    resumed: nothing,
    update: 'updated',
    audio: 'audio-while-paused',
  },
  'open without media': {
    open: 'second-start',
    close: 'closed',
    ping: 'pong',
    error: 'platform-error',
    discarded: nothing,
    paused: nothing,
    resumed: 'unexpected-message',
    update: 'updated',
    audio: 'unsupported-format',
  },
  probed: {
    open: 'second-start',
    close: 'closed',
    ping: 'pong',
    error: 'platform-error',
    discarded: nothing,
    paused: nothing,
    resumed: 'unexpected-message',
    update: 'updated',
    audio: nothing,
  },
  disconnected: { ...silent(), close: 'closed' },
  'asked to reconnect': { ...silent(), close: 'closed' },
  closing: silent(),
  closed: silent(),
};

function silent(): Record<ClientType | 'audio', string> {
  const types = [...clientTypes, 'audio'] as const;
  return Object.fromEntries(types.map((type) => [type, nothing])) as Record<ClientType | 'audio', string>;
}

describe.each(Object.keys(states) as StateName[])('a session that is %s', (state) => {
  it.each([...clientTypes, 'audio'] as const)('takes %s as the table says', (what) => {
    const talk = states[state]();
    const actions = what === 'audio' ? talk.hear(160) : talk.say(what, parametersOf[what]);
    const expected = table[state][what];
    if (!Object.hasOwn(telephonyErrors, expected)) {
      expect(saidTypes(actions)).toEqual(expected === nothing ? [] : [expected]);
      expect(counted(actions)).toEqual([]);
      return;
    }
    expect(counted(actions)).toEqual([expected]);
    expect(saidTypes(actions)).toEqual(expected === 'message-before-start' ? ['disconnect'] : []);
  });
});

describe('whatever comes, in whatever order', () => {
  type Act = (talk: Talk) => ProtocolActions;
  const message = fc.constantFrom(...clientTypes, 'opened', '');
  const changed = fc.dictionary(
    fc.constantFrom('version', 'id', 'seq', 'serverseq', 'position', 'parameters', 'type', '__proto__'),
    fc.anything(),
    { maxKeys: 2 },
  );
  const wellFormed = (type: string): object => ({ ...(parametersOf as Record<string, object>)[type] });
  const step: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 6,
      arbitrary: message.map(
        (type): Act =>
          (talk) =>
            talk.say(type, wellFormed(type)),
      ),
    },
    fc.constant<Act>((talk) => talk.open({ media: [internal] })),
    fc.constant<Act>((talk) => talk.open(probe)),
    fc.constant<Act>((talk) => talk.open({ inputVariables: { listenSeconds: '30' } })),
    // Twice the same.
    message.map((type): Act => (talk) => {
      const text = talk.text(type, wellFormed(type));
      talk.seq += 1;
      return [text, text].flatMap((again) => talk.perform(talk.machine.text(again, talk.nowMs)));
    }),
    // Cut off.
    fc.tuple(message, fc.nat(400)).map(([type, cut]): Act => (talk) => {
      const text = talk.text(type, wellFormed(type)).slice(0, cut);
      return talk.perform(talk.machine.text(text, talk.nowMs));
    }),
    // Something else in its fields.
    fc.tuple(message, changed).map(
      ([type, fields]): Act =>
        (talk) =>
          talk.perform(talk.machine.text(safeJson(talk.text(type, wellFormed(type)), fields), talk.nowMs)),
    ),
    fc.constantFrom('customConfig', 'media', 'language', 'continuedSessions').map(
      (field): Act =>
        (talk) =>
          talk.open({ [field]: Array.from({ length: 2000 }, () => 'x'.repeat(20)) }),
    ),
    fc.string().map(
      (text): Act =>
        (talk) =>
          talk.perform(talk.machine.text(text, talk.nowMs)),
    ),
    fc.json().map(
      (text): Act =>
        (talk) =>
          talk.perform(talk.machine.text(text, talk.nowMs)),
    ),
    fc.nat(400).map(
      (bytes): Act =>
        (talk) =>
          talk.hear(bytes),
    ),
    fc.nat(90_000).map(
      (ms): Act =>
        (talk) =>
          talk.pass(ms),
    ),
    fc.constantFrom('shutdown', 'engine-failure', 'taken-over', 'silence-timeout').map(
      (reason): Act =>
        (talk) =>
          talk.perform(talk.machine.ended(reason)),
    ),
    fc.constantFrom(1002, 1007, 1009).map(
      (code): Act =>
        (talk) =>
          talk.perform(talk.machine.malformed(code)),
    ),
    fc.constantFrom('collecting' as const, 'accepted' as const).map((state): Act => (talk) => {
      const { verification } = aResult();
      return talk.perform(talk.machine.result(aResult({ verification: { ...verification, state } })));
    }),
    fc.constant<Act>((talk) => {
      talk.slow = !talk.slow;
      return [];
    }),
  );

  it('never throws, opens and ends at most one call, says one end, and leaves nothing open', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const talk = new Talk();
        for (const act of steps) act(talk);
        talk.perform(talk.machine.disconnected());
        const { done } = talk;
        const of = (kind: string): number => done.filter((action) => action.kind === kind).length;
        expect(of('open')).toBeLessThanOrEqual(1);
        expect(of('end')).toBe(of('open'));
        expect(of('close')).toBeLessThanOrEqual(1);
        // A client that does not react is closed as the fault that ended its session says (one counted before, such as no fitting
        // offer, ended nothing); 1000 and 1012 where it was asked to go for no fault of its own.
        const closed = done.find((action) => action.kind === 'close')?.closeCode;
        const parting = done.findIndex((action) => saidTypes([action])[0] === 'disconnect');
        const fault = counted(done.slice(0, Math.max(parting, 0))).at(-1);
        const faultCloses = fault && telephonyErrors[fault as TelephonyErrorCode].closeCode;
        if (closed !== undefined) expect([1000, 1012, faultCloses]).toContain(closed);
        const end = done.findIndex(({ kind }) => kind === 'end');
        if (end >= 0)
          for (const kind of ['audio', 'lost']) expect(kinds(done.slice(end))).not.toContain(kind);
        const said = saidTypes(done);
        expect(
          said.filter((type) => type === 'disconnect' || type === 'reconnect').length,
        ).toBeLessThanOrEqual(1);
        expect(said.filter((type) => type === 'closed').length).toBeLessThanOrEqual(1);
        if (said.includes('closed')) expect(said.at(-1)).toBe('closed');
        // Every message in the protocol's own form, numbered without a gap.
        expect(sent(done).map(({ seq }) => seq)).toEqual(said.map((_, i) => i + 1));
        // Nothing is said of a state that is over for good.
        expect(talk.perform(talk.machine.tick(talk.nowMs + 1e9))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

function safeJson(text: string, fields: object): string {
  const body = JSON.parse(text) as object;
  try {
    return JSON.stringify({ ...body, ...fields });
  } catch {
    // fast-check makes big integers, which are no JSON.
    return text;
  }
}

/** A copy without the field at this path. */
function without(whole: unknown, [name = '', ...rest]: readonly string[]): object {
  const copy = structuredClone(whole) as Record<string, unknown>;
  if (rest.length === 0) Reflect.deleteProperty(copy, name);
  else copy[name] = without(copy[name], rest);
  return copy;
}
