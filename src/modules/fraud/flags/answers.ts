import { z } from 'zod';
import { reasonCodeSchema } from '../../../core/risk/schemas.js';
import { severities } from '../../../core/risk/risk-reason.js';
import { flagStates } from '../../../core/risk/flag-states.js';

export const flagSummarySchema = z
  .object({
    flagId: z.uuid(),
    callId: z.uuid(),
    customerId: z.uuid().nullable(),
    severity: z.enum(severities),
    state: z.enum(flagStates),
    reasons: z
      .array(
        z.object({
          code: reasonCodeSchema,
          weightNats: z
            .number()
            .nullable()
            .describe('Null: what it weighed was destroyed when the customer said no (docs/adr/0010).'),
          text: z.string(),
        }),
      )
      .describe('Strongest first.'),
    assignee: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.number(),
  })
  .meta({ id: 'FlagSummary', description: 'A flag as lists, agents and account systems see it.' });

export const listedFlagSchema = flagSummarySchema
  .extend({
    policyVersion: z.number(),
    decideBy: z.iso.datetime().describe('When the policy wants it decided.'),
    call: z.object({
      openedAt: z.iso.datetime(),
      closedAt: z.iso.datetime().nullable(),
      numberHash: z
        .string()
        .nullable()
        .describe('A keyed hash, the same for every call from the number. Null: the platform told none.'),
    }),
    callsOfCustomer: z
      .number()
      .nullable()
      .describe('How many calls are kept in which this customer was claimed; null where nobody is.'),
    accountRef: z.string().nullable().optional().describe('Only with accountRefs=true.'),
  })
  .meta({ id: 'ListedFlag', description: 'A flag in a list of the fraud team’s.' });

const count = z.number();

export const flagsPageAnswer = z.object({
  flags: z.array(listedFlagSchema),
  nextCursor: z.string().nullable(),
  counts: z
    .object({
      total: count.describe('Found by all filters.'),
      bySeverity: z.record(z.enum(severities), count),
      byState: z.record(z.enum(flagStates), count),
    })
    .optional()
    .describe('Only with counts=true. By severity and by state each as if its own field were not filtered.'),
});

export const fraudStaffAnswer = z.object({ you: z.string().nullable(), staff: z.array(z.string()) });
