import { z } from 'zod';
import type { GateClosedReason } from '../../../core/privacy/gate.js';
import type { EnrolmentRefusalCode } from '../../../core/speaker/enrolment.js';
import type { StreamOutcome } from '../../people/voiceprints/stream-enrolment.js';

/** What the page says: once start, then L16 as binary, then stop (or it closes, and nothing is kept). */
export const pageMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    /** The rates that whole numbers lead from to 8 kHz. */
    sampleRateHz: z.union([z.literal(8000), z.literal(16000), z.literal(24000), z.literal(48000)]),
  }),
  z.strictObject({ type: z.literal('stop') }),
]);

export type ServerMessage =
  | { readonly type: 'started'; readonly neededMs: number; readonly netSpeechMs: number }
  | {
      readonly type: 'progress';
      readonly netSpeechMs: number;
      readonly neededMs: number;
      readonly hints: readonly EnrolmentRefusalCode[];
    }
  /** That is enough: the page can let go of the microphone. */
  | { readonly type: 'enough' }
  | { readonly type: 'result'; readonly result: MyEnrolment };

/** For the person: codes and times, never a score. */
export type MyEnrolment =
  | { readonly kind: 'enrolled'; readonly keptUntil: string }
  | {
      readonly kind: 'incomplete';
      readonly netSpeechMs: number;
      readonly neededMs: number;
      readonly keptUntil: string;
    }
  /** Somebody of the business has to look at it first: it replaces another voiceprint. */
  | { readonly kind: 'held'; readonly keptUntil: string }
  | { readonly kind: 'refused'; readonly reasons: readonly EnrolmentRefusalCode[] }
  | { readonly kind: 'no-consent'; readonly reason: GateClosedReason }
  | { readonly kind: 'erased' }
  | { readonly kind: 'failed' };

export function toMyEnrolment(outcome: StreamOutcome): MyEnrolment {
  switch (outcome.kind) {
    case 'enrolled':
      return { kind: 'enrolled', keptUntil: outcome.expiresAt };
    case 'incomplete': {
      const { kind, netSpeechMs, neededMs, keptUntil } = outcome;
      return { kind, netSpeechMs: Math.round(netSpeechMs), neededMs, keptUntil };
    }
    case 'held':
      return { kind: 'held', keptUntil: outcome.keptUntil };
    case 'refused':
      return { kind: 'refused', reasons: outcome.reasons.map(({ code }) => code) };
    case 'no-consent':
      return { kind: 'no-consent', reason: outcome.reason };
    case 'erased':
    case 'failed':
      return outcome;
  }
}
