import { z } from 'zod';
import { reasonCodeSchema, riskReasonSchema } from '../../../core/risk/schemas.js';
import { accountEventKinds } from '../../../core/risk/account-event-kind.js';
import { verificationResultSchema } from '../../../core/speaker/schemas.js';
import { agentViewSchema } from '../../../core/calls/schemas.js';
import { severities } from '../../../core/risk/risk-reason.js';
import { flagStates } from '../../../core/risk/flag-states.js';

export const flagFileViewSchema = z
  .object({
    reasons: z.array(riskReasonSchema),
    policyVersion: z.number(),
    accountEvents: z
      .array(
        z.object({
          accountEventId: z.string(),
          customerId: z.string().nullable(),
          kind: z.enum(accountEventKinds),
          reference: z.string().nullable(),
          at: z.iso.datetime(),
        }),
      )
      .describe('All of the call, with the customer claimed at each.'),
    call: z
      .object({
        externalId: z.string().nullable(),
        closedAt: z.iso.datetime().nullable(),
        resultAt: z.iso.datetime(),
        claimedCustomerId: z.string().nullable(),
        verification: verificationResultSchema,
        agent: agentViewSchema,
      })
      .nullable()
      .describe('How the call stands now, or stood when it ended.'),
    history: z.array(
      z.union([
        z.object({
          at: z.iso.datetime(),
          changedBy: z.string().nullable(),
          kind: z.literal('raised'),
          severity: z.enum(severities),
          reasons: z.array(reasonCodeSchema),
          policyVersion: z.number(),
        }),
        z.object({
          at: z.iso.datetime(),
          changedBy: z.string().nullable(),
          kind: z.literal('grew'),
          added: z.array(reasonCodeSchema),
          strengthened: z.array(reasonCodeSchema),
          severity: z.object({ from: z.enum(severities), to: z.enum(severities) }).optional(),
          state: z
            .object({ from: z.enum(flagStates), to: z.enum(flagStates) })
            .optional()
            .describe('New evidence put a decided flag back into the queue.'),
          policyVersion: z.number(),
        }),
        z.object({
          at: z.iso.datetime(),
          changedBy: z.string().nullable(),
          kind: z.literal('customer-named'),
          customerId: z.uuid(),
        }),
        z.object({
          at: z.iso.datetime(),
          changedBy: z.string().nullable(),
          kind: z.literal('measurements-destroyed'),
          reasons: z.array(z.enum(['caller-changed', 'voice-mismatch', 'watchlist-match'])),
          because: z.enum(['consent-withdrawn', 'objected']),
        }),
        z.object({
          at: z.iso.datetime(),
          changedBy: z.string().nullable(),
          kind: z.literal('reviewed'),
          state: z.object({ from: z.enum(flagStates), to: z.enum(flagStates) }).optional(),
          assignee: z.object({ from: z.string().nullable(), to: z.string().nullable() }).optional(),
          note: z.string().optional(),
        }),
      ]),
    ),
    state: z.enum(flagStates),
    callId: z.uuid(),
    customerId: z.uuid().nullable(),
    flagId: z.uuid(),
    severity: z.enum(severities),
    assignee: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.number(),
  })
  .meta({ id: 'FlagFileView', description: 'A flag with everything a reviewer needs to check it.' });
