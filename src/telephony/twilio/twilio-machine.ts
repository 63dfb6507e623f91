import type { z } from 'zod';

import { durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { CallCloseReason } from '../../core/calls/intake.js';
import { type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { StreamClock } from './stream-clock.js';
import {
  connectedSchema,
  decodeBase64,
  eventSchema,
  mediaSchema,
  startSchema,
  type TwilioMedia,
  type TwilioStart,
} from './twilio-messages.js';

type State = 'awaiting-connected' | 'awaiting-start' | 'streaming' | 'finishing' | 'closed';

/** µ-law at 8 kHz, one channel, is all that Media Streams send. The caller's track is the only one handed on. */
const format: StreamFormat = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 };

const endErrors: Partial<Record<CallCloseReason, FatalErrorCode>> = {
  shutdown: 'shutting-down',
  'engine-failure': 'engine-failure',
  'silence-timeout': 'silence-timeout',
};

/** Twilio Media Streams. A one-way stream breaks when anything is sent to it: this machine never sends. */
export class TwilioMachine implements ProtocolMachine {
  readonly #accountSid: string;
  readonly #timeouts: ProtocolTimeouts;
  readonly #clock = new StreamClock();
  #state: State = 'awaiting-connected';
  #lastAudioMs: number;
  #endCode: FatalErrorCode | undefined;

  constructor(accountSid: string, timeouts: ProtocolTimeouts, nowMs: number) {
    this.#accountSid = accountSid;
    this.#timeouts = timeouts;
    this.#lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.#state === 'closed') return [];
    const message = parseObject(data);
    if (!message) return this.#fault('not-json');
    const envelope = eventSchema.safeParse(message);
    if (!envelope.success) return this.#fault('invalid-field');
    switch (envelope.data.event) {
      case 'connected':
        return this.#connected(message);
      case 'start':
        return this.#start(message, nowMs);
      case 'media':
        return this.#media(message, nowMs);
      case 'stop':
        return this.#stop();
      case 'dtmf':
      case 'mark':
        return [];
      default:
        // Twilio may add events; a stream must not die of one.
        return [{ kind: 'count', code: 'unknown-event' }];
    }
  }

  binary(): ProtocolActions {
    return this.#state === 'closed' ? [] : this.#fault('binary-instead-of-text');
  }

  malformed(closeCode: number): ProtocolActions {
    return this.#state === 'closed' ? [] : this.#fail(frameError(closeCode));
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.#lastAudioMs;
    const waiting = this.#state === 'awaiting-connected' || this.#state === 'awaiting-start';
    if (waiting && waitedMs >= this.#timeouts.firstMessageMs) return this.#fail('start-timeout');
    if (this.#state === 'streaming' && waitedMs >= this.#timeouts.silenceMs)
      return this.ended('silence-timeout');
    return [];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if ((this.#state === 'awaiting-connected' || this.#state === 'awaiting-start') && code) {
      return this.#fail(code);
    }
    if (this.#state !== 'streaming') return [];
    this.#state = 'finishing';
    this.#endCode = code;
    return [{ kind: 'end', reason }];
  }

  flushed(): ProtocolActions {
    if (this.#state !== 'finishing') return [];
    if (this.#endCode) return this.#fail(this.#endCode);
    this.#state = 'closed';
    return [{ kind: 'close', closeCode: 1000, reason: 'stopped' }];
  }

  disconnected(): ProtocolActions {
    const open = this.#state === 'streaming';
    this.#state = 'closed';
    return open ? [{ kind: 'end', reason: 'disconnected' }] : [];
  }

  #connected(message: JsonObject): ProtocolActions {
    if (this.#state !== 'awaiting-connected') return this.#fault('second-start');
    if (!connectedSchema.safeParse(message).success) return this.#fault('invalid-field');
    this.#state = 'awaiting-start';
    return [];
  }

  #start(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state === 'awaiting-connected') return this.#fault('message-before-start');
    if (this.#state !== 'awaiting-start') return this.#fault('second-start');
    const parsed = startSchema.safeParse(message);
    if (!parsed.success) return this.#fault(startFault(parsed.error));
    const { start } = parsed.data;
    if (start.accountSid !== this.#accountSid) return this.#fault('account-mismatch');
    const { encoding, sampleRate, channels } = start.mediaFormat;
    const supported = encoding === 'audio/x-mulaw' && sampleRate === 8000 && channels === 1;
    if (!supported || !start.tracks.includes('inbound')) return this.#fault('unsupported-format');
    this.#state = 'streaming';
    this.#lastAudioMs = nowMs;
    return [open(start)];
  }

  #media(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state !== 'streaming') return this.#fault('audio-before-start');
    const parsed = mediaSchema.safeParse(message);
    if (!parsed.success) return this.#fault('invalid-field');
    this.#lastAudioMs = nowMs;
    // The agent's own voice is none of Timbre's business.
    return parsed.data.media.track === 'inbound' ? this.#audio(parsed.data.media) : [];
  }

  #audio({ chunk, timestamp, payload }: TwilioMedia): ProtocolActions {
    const bytes = decodeBase64(payload);
    if (!bytes) return this.#fault('invalid-payload');
    const place = this.#clock.place(chunk, timestamp, durationMs(bytes.length, format));
    if (place.kind === 'late') return [{ kind: 'count', code: 'late-chunk' }];
    const audio: ProtocolAction = { kind: 'audio', bytes, positionMs: place.positionMs };
    return place.lostMs > 0 ? [{ kind: 'lost', durationMs: place.lostMs }, audio] : [audio];
  }

  #stop(): ProtocolActions {
    return this.#state === 'streaming' ? this.ended('ended') : this.#fault('message-before-start');
  }

  /** After stop nothing but the last result matters any more: faults are counted and the flush goes on. */
  #fault(code: FatalErrorCode): ProtocolActions {
    return this.#state === 'finishing' ? [{ kind: 'count', code: 'message-after-stop' }] : this.#fail(code);
  }

  #fail(code: FatalErrorCode): ProtocolActions {
    const open = this.#state === 'streaming';
    this.#state = 'closed';
    const actions: ProtocolAction[] = [
      { kind: 'count', code },
      { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ];
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }
}

function startFault(error: z.ZodError): FatalErrorCode {
  return error.issues.some((issue) => issue.path[1] === 'mediaFormat')
    ? 'unsupported-format'
    : 'invalid-field';
}

function open({ callSid, customParameters }: TwilioStart): ProtocolAction {
  const { customerId, from, to, ...metadata } = customParameters;
  return {
    kind: 'open',
    description: {
      protocol: 'twilio',
      externalId: callSid,
      format,
      ani: from || undefined,
      dnis: to || undefined,
      claimedCustomer: customerId || undefined,
      metadata,
    },
  };
}
