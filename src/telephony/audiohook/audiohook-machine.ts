import type { CallCloseReason } from '../../core/calls/intake.js';
import type { CallResult } from '../../core/calls/result.js';
import { type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { FaultBudget } from '../fault-budget.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { AudiohookEnding } from './audiohook-ending.js';
import { AudiohookEnvelopes } from './audiohook-envelopes.js';
import { AudiohookMedia, type ChosenMedia, chooseMedia } from './audiohook-media.js';
import { type AudiohookOpen, type ClientMessage, nilUuid } from './audiohook-messages.js';
import { callOf, disconnectOver } from './audiohook-words.js';
import { ConnectorVerdict } from './connector-verdict.js';

/** Until its end begins. `idle`: open with nothing to hear (a probe, or no offer fits). */
type State = 'awaiting-open' | 'streaming' | 'paused' | 'idle';

export interface AudiohookSession {
  readonly sessionId: string;
  readonly organizationId: string;
}

/** Genesys AudioHook, version 2, the server's side. */
export class AudiohookMachine implements ProtocolMachine {
  private readonly session: AudiohookSession;
  private readonly timeouts: ProtocolTimeouts;
  private readonly envelopes: AudiohookEnvelopes;
  private readonly ending: AudiohookEnding;
  private readonly budget = new FaultBudget();
  private state: State = 'awaiting-open';
  private open: { readonly asked: AudiohookOpen; readonly chosen: ChosenMedia | undefined } | undefined;
  private media: AudiohookMedia | undefined;
  /** Of an Audio Connector's session alone. */
  private verdict: ConnectorVerdict | undefined;
  private heardMs: number;

  constructor(session: AudiohookSession, timeouts: ProtocolTimeouts, nowMs: number) {
    this.session = session;
    this.timeouts = timeouts;
    this.envelopes = new AudiohookEnvelopes(session.sessionId, nowMs);
    this.ending = new AudiohookEnding(this.envelopes);
    this.heardMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.ending.settled) return [];
    const received = this.envelopes.read(data);
    if (received.kind === 'unknown') return [{ kind: 'count', code: 'unknown-event' }];
    if (received.kind === 'fault') return this.refuse(received.code);
    const gap = received.afterGap ? this.refuse('sequence-gap') : [];
    return [...gap, ...this.hear(received.message, received.positionMs, nowMs)];
  }

  binary(data: Uint8Array, nowMs: number): ProtocolActions {
    if (this.ending.begun) return [];
    if (this.state === 'awaiting-open') return this.skip('audio-before-start');
    if (this.state === 'paused') return this.skip('audio-while-paused');
    // A probe was answered as a call would be; its audio, if any comes, is nobody's.
    if (!this.media) return this.open?.chosen ? [] : this.skip('unsupported-format');
    this.heardMs = nowMs;
    const heard = this.media.audio(data);
    if (!heard) return this.skip('partial-frame');
    this.budget.earn();
    return heard;
  }

  /** The socket closes by itself; the words reach the client where it still listens. */
  malformed(closeCode: number): ProtocolActions {
    const code = frameError(closeCode);
    const { begun } = this.ending;
    const said = begun ? [] : [this.envelopes.write('disconnect', disconnectOver(code, 'error'))];
    return [{ kind: 'count', code }, ...said, ...this.ending.gone('protocol-error')];
  }

  tick(nowMs: number): ProtocolActions {
    if (this.ending.begun) return this.ending.tick(nowMs);
    if (this.verdict?.isDue(nowMs) === true) return this.tellVerdict(this.verdict, 'ended');
    const waitedMs = nowMs - this.heardMs;
    if (this.state === 'awaiting-open') {
      return waitedMs >= this.timeouts.firstMessageMs ? this.fault('start-timeout') : [];
    }
    return waitedMs >= this.timeouts.silenceMs ? this.ended('silence-timeout') : [];
  }

  opened(): ProtocolActions {
    const { asked, chosen } = this.open ?? {};
    // Voices are compared, not words: no language is anything to choose.
    const languages = asked?.supportedLanguages === true ? { supportedLanguages: [] } : {};
    const media = chosen ? [chosen.offer] : [];
    return [this.envelopes.write('opened', { media, startPaused: false, ...languages })];
  }

  /** An Audio Connector waits for the verdict; results have no other place in this protocol: the live feed has them. */
  result(result: CallResult): ProtocolActions {
    if (!this.verdict || this.ending.begun) return [];
    return this.verdict.hear(result) ? this.tellVerdict(this.verdict, 'ended') : [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    if (this.ending.begun) return [];
    if (reason === 'engine-failure' || reason === 'silence-timeout') return this.fault(reason, reason);
    // Who may be here no more is not waited for.
    if (reason === 'access-ended')
      return [...this.fault(reason, reason, 'unauthorized'), ...this.ending.hangUp()];
    if (reason === 'shutdown' && this.state === 'awaiting-open') return this.fault('shutting-down', reason);
    // No flow connects anew by itself: it goes on with what is known.
    if (this.verdict) return this.tellVerdict(this.verdict, reason);
    if (reason === 'shutdown') {
      const { closeCode } = telephonyErrors['shutting-down'];
      return this.ending.ask(this.envelopes.write('reconnect'), reason, closeCode);
    }
    return this.ending.ask(this.envelopes.write('disconnect', { reason: 'completed' }), reason, 1000);
  }

  flushed(): ProtocolActions {
    return this.ending.flushed();
  }

  disconnected(): ProtocolActions {
    return this.ending.gone('disconnected');
  }

  private hear(message: ClientMessage, positionMs: number | undefined, nowMs: number): ProtocolActions {
    if (message.type === 'close') return this.ending.close(message.parameters.reason);
    // What was under way when the end was asked for says nothing any more.
    if (this.ending.begun) return [];
    // Pings keep a stream without audio alive, but not one that should have audio, or should have been opened.
    if (this.state === 'paused' || this.state === 'idle') this.heardMs = nowMs;
    switch (message.type) {
      case 'open':
        return this.onOpen(message.parameters, nowMs);
      case 'ping':
        return [...(this.media?.compare(positionMs) ?? []), ...this.answer('pong', nowMs)];
      case 'error':
        return [{ kind: 'count', code: 'platform-error' }];
      case 'dtmf':
      case 'playback_started':
      case 'playback_completed':
        return [];
      case 'update':
      case 'paused':
      case 'resumed':
      case 'discarded':
        return this.state === 'awaiting-open'
          ? this.fault('message-before-start')
          : this.onStreamMessage(message, nowMs);
    }
  }

  private onOpen(asked: AudiohookOpen, nowMs: number): ProtocolActions {
    if (this.state !== 'awaiting-open') return this.skip('second-start');
    if (asked.organizationId !== this.session.organizationId) {
      return this.fault('wrong-session', 'protocol-error', 'unauthorized');
    }
    const chosen = chooseMedia(asked.media);
    this.open = { asked, chosen };
    this.heardMs = nowMs;
    if (!chosen || (asked.conversationId === nilUuid && asked.participant.id === nilUuid)) {
      this.state = 'idle';
      const unfit: ProtocolActions = chosen ? [] : [{ kind: 'count', code: 'unsupported-format' }];
      return [...unfit, ...this.opened()];
    }
    this.state = 'streaming';
    this.media = new AudiohookMedia(chosen.format);
    this.ending.callOpened();
    if (asked.inputVariables) {
      this.verdict = new ConnectorVerdict(asked.inputVariables['listenSeconds'], nowMs);
    }
    return [{ kind: 'open', description: callOf(this.session.sessionId, asked, chosen.format) }];
  }

  private onStreamMessage(
    message: Extract<ClientMessage, { type: 'update' | 'paused' | 'resumed' | 'discarded' }>,
    nowMs: number,
  ): ProtocolActions {
    if (message.type === 'update') return this.answer('updated', nowMs);
    this.heardMs = nowMs;
    if (message.type === 'paused') {
      if (this.state === 'streaming') this.state = 'paused';
      return [];
    }
    const missing = this.media?.missing(message.parameters.discarded) ?? [];
    if (message.type === 'discarded') return missing;
    if (this.state !== 'paused') return [{ kind: 'count', code: 'unexpected-message' }, ...missing];
    this.state = 'streaming';
    return missing;
  }

  private tellVerdict({ outputVariables }: ConnectorVerdict, reason: CallCloseReason): ProtocolActions {
    const words = this.envelopes.write('disconnect', { reason: 'completed', outputVariables });
    return this.ending.ask(words, reason, 1000);
  }

  private answer(type: 'pong' | 'updated', nowMs: number): ProtocolActions {
    const answer = this.envelopes.answer(type, nowMs);
    return answer ? [answer] : this.skip('rate-limit');
  }

  /** Whoever can not even open is told so at once; an open call goes on without what was wrong. */
  private refuse(code: FatalErrorCode): ProtocolActions {
    return this.state === 'awaiting-open' ? this.fault(code) : this.skip(code);
  }

  private skip(code: FatalErrorCode): ProtocolActions {
    return this.ending.begun || this.budget.spend() ? [{ kind: 'count', code }] : this.fault(code);
  }

  private fault(
    code: FatalErrorCode,
    reason: CallCloseReason = 'protocol-error',
    said: 'error' | 'unauthorized' = 'error',
  ): ProtocolActions {
    const count: ProtocolAction = { kind: 'count', code };
    // Told once; what follows is counted only, and the end goes on.
    if (this.ending.begun) return [count];
    const words = this.envelopes.write('disconnect', disconnectOver(code, said));
    return [count, ...this.ending.ask(words, reason, telephonyErrors[code].closeCode)];
  }
}
