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

export const flagsPageAnswer = z.object({
  flags: z.array(flagSummarySchema),
  nextCursor: z.string().nullable(),
});
