import { z } from 'zod';
import { attestationSchema, callResultSchema } from '../../../core/calls/schemas.js';
import { callEventKindSchema } from '../call-log/answers.js';

export const callSummarySchema = z
  .object({
    callId: z.uuid(),
    externalId: z.string().nullable(),
    protocol: z.string(),
    direction: z.enum(['inbound', 'outbound']).nullable(),
    attestation: attestationSchema.nullable(),
    continuesCallId: z.uuid().nullable(),
    claimedCustomerId: z.uuid().nullable(),
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    closeReason: z.string().nullable(),
    result: callResultSchema,
  })
  .meta({ id: 'CallSummary' });

export const callsListAnswer = z.object({ calls: z.array(callSummarySchema) });

export const callsEventsAnswer = z.object({
  events: z.array(
    z.object({ id: z.string(), kind: callEventKindSchema, at: z.iso.datetime(), payload: z.unknown() }),
  ),
});

export const callsEnrolAnswer = z.object({
  state: z.literal('gathering'),
  netSpeechMs: z.number(),
  neededMs: z.number(),
});
