import { z } from 'zod';

import type { FatalErrorCode } from '../errors.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type { ProtocolAction } from '../protocol-machine.js';
import { AnswerBudget } from './answer-budget.js';
import { type ClientMessage, duration, isClientType, readMessage } from './audiohook-messages.js';

const envelope = z.object({
  type: z.string().max(64),
  seq: z.int().positive(),
  serverseq: z.int().nonnegative(),
  position: duration.optional().catch(undefined),
  parameters: z.record(z.string(), z.unknown()).catch({}),
});

export type Received =
  | {
      readonly kind: 'message';
      readonly message: ClientMessage;
      readonly positionMs: number | undefined;
      /** Messages before it never came. */
      readonly afterGap: boolean;
    }
  /** A type that the protocol has added since. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fault'; readonly code: FatalErrorCode };

/** What surrounds every message: the version, the session's id, and numbers that show whether any got lost. */
export class AudiohookEnvelopes {
  private readonly sessionId: string;
  private readonly budget: AnswerBudget;
  private seq = 0;
  private clientSeq = 0;

  constructor(sessionId: string, nowMs: number) {
    this.sessionId = sessionId;
    this.budget = new AnswerBudget(nowMs);
  }

  read(data: string): Received {
    const received = parseObject(data);
    if (!received) return fault('not-json');
    if (received['version'] !== '2') return fault('wrong-version');
    if (received['id'] !== this.sessionId) return fault('wrong-session');
    const parsed = envelope.safeParse(received);
    if (!parsed.success) return fault('invalid-field');
    const { type, seq, serverseq, position, parameters } = parsed.data;
    const follows = seq === this.clientSeq + 1;
    // Told once: what follows is counted on from there.
    this.clientSeq = seq;
    if (!isClientType(type)) return { kind: 'unknown' };
    const message = readMessage(type, parameters);
    const afterGap = !follows || serverseq > this.seq;
    return message ? { kind: 'message', message, positionMs: position, afterGap } : fault('invalid-field');
  }

  /** What must be said, whatever has been said before. */
  write(type: string, parameters: JsonObject = {}): ProtocolAction {
    this.budget.spend();
    return this.sealed(type, parameters);
  }

  /** What the client can make Timbre say again and again; undefined: too often. */
  answer(type: string, nowMs: number): ProtocolAction | undefined {
    return this.budget.take(nowMs) ? this.sealed(type, {}) : undefined;
  }

  private sealed(type: string, parameters: JsonObject): ProtocolAction {
    this.seq += 1;
    const numbers = { seq: this.seq, clientseq: this.clientSeq };
    return { kind: 'send', message: { version: '2', id: this.sessionId, type, ...numbers, parameters } };
  }
}

function fault(code: FatalErrorCode): Received {
  return { kind: 'fault', code };
}
