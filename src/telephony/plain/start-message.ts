import { z } from 'zod';

import type { FatalErrorCode } from '../errors.js';
import type { JsonObject } from '../json-object.js';

const rates = [8000, 16000, 24000, 32000, 48000] as const;
const number = z.string('text').max(64, 'at most 64 characters');
const reference = z.string('text').min(1, 'at least 1 character').max(128, 'at most 128 characters');

/** The first message of a call, in Timbre's own protocol: strict, so that a misspelt field is not a silent default. */
export const startSchema = z
  .strictObject({
    type: z.literal('start'),
    callId: reference.optional(),
    encoding: z.enum(['mulaw', 'alaw', 'l16'], 'one of mulaw, alaw, l16'),
    sampleRateHz: z.literal(rates, 'one of 8000, 16000, 24000, 32000, 48000'),
    channels: z.literal([1, 2], '1 or 2'),
    callerChannel: z.literal([0, 1], '0 or 1').optional(),
    mixed: z.boolean('true or false').optional(),
    direction: z.enum(['inbound', 'outbound'], 'inbound or outbound').optional(),
    attestation: z.enum(['A', 'B', 'C', 'failed'], 'one of A, B, C, failed').optional(),
    ani: number.optional(),
    dnis: number.optional(),
    claimedCustomerId: reference.optional(),
    metadata: z
      .record(
        z.string().min(1).max(64),
        z.string('text').max(256, 'at most 256 characters'),
        'an object of texts, its names 1 to 64 characters long',
      )
      .refine((entries) => Object.keys(entries).length <= 32, 'at most 32 entries')
      .optional(),
    results: z.boolean('true or false').optional(),
  })
  .superRefine((start, context) => {
    if (start.channels === 2 && start.callerChannel === undefined) {
      const message = 'with two channels: 0 or 1, whichever carries the caller';
      context.addIssue({ code: 'custom', path: ['callerChannel'], message });
    }
    if (start.channels === 2 && start.mixed) {
      const message = 'left out or false with two channels: each carries one voice';
      context.addIssue({ code: 'custom', path: ['mixed'], message });
    }
    if (start.channels === 1 && start.callerChannel === 1) {
      context.addIssue({ code: 'custom', path: ['callerChannel'], message: '0 when there is one channel' });
    }
  });

export const stopSchema = z.strictObject({ type: z.literal('stop') });

export type StartMessage = z.output<typeof startSchema>;

export interface MessageFault {
  readonly code: FatalErrorCode;
  readonly field?: string;
  readonly expected?: string;
}

/** The first fault of a message as its sender should hear it. Names fields, never repeats values. */
export function faultOf(error: z.ZodError, message: JsonObject): MessageFault {
  const issue = error.issues[0];
  if (!issue) return { code: 'invalid-field' };
  if (issue.code === 'unrecognized_keys') {
    return { code: 'unknown-field', field: [...issue.path, issue.keys[0] ?? ''].join('.').slice(0, 128) };
  }
  const field = issue.path.join('.').slice(0, 128);
  return {
    code: isUnsupportedFormat(field, message) ? 'unsupported-format' : 'invalid-field',
    field,
    expected: issue.message,
  };
}

/** Of the right type but not a format Timbre takes: another fault than a wrong type. */
function isUnsupportedFormat(field: string, message: JsonObject): boolean {
  const value = message[field];
  if (field === 'encoding') return typeof value === 'string';
  if (field === 'callerChannel') return typeof value === 'number' && message['channels'] === 1;
  return (field === 'sampleRateHz' || field === 'channels') && typeof value === 'number';
}
