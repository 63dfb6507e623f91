import { z } from 'zod';
import { operatingPointNameSchema } from '../../speaker/schemas.js';
import { accountEventKinds } from '../account-event-kind.js';

export const callerChangedSchema = z
  .object({ atMs: z.number(), llr: z.number() })
  .meta({ id: 'CallerChanged' });

export const voiceMismatchSchema = z
  .object({
    llr: z.number(),
    rejectLlr: z.number().nullable(),
    verificationState: z.enum(['rejected', 'inconclusive']),
    netSpeechMs: z.number(),
    span: z.object({ startMs: z.number(), endMs: z.number() }).nullable(),
    modelId: z.string().nullable(),
    operatingPoint: operatingPointNameSchema.nullable(),
  })
  .meta({ id: 'VoiceMismatch' });

export const watchlistMatchSchema = z
  .object({
    listId: z.uuid(),
    listName: z.string(),
    entryId: z.uuid(),
    cosine: z.number(),
    llr: z.number().describe('Corrected for the number of entries.'),
    falseMatchProbability: z
      .number()
      .describe('Chance of a best match this good for a caller who is on no list.'),
    entries: z.number().describe('Entries that the call was held against.'),
    netSpeechMs: z.number(),
    span: z.object({ startMs: z.number(), endMs: z.number() }),
    modelId: z.string(),
  })
  .meta({ id: 'WatchlistMatch' });

export const unverifiedStateSchema = z
  .enum([
    'not-claimed',
    'no-consent',
    'opted-out',
    'not-enrolled',
    'enrolment-incomplete',
    'cooling-off',
    'expired',
    'collecting',
    'rejected',
    'inconclusive',
  ])
  .meta({
    id: 'UnverifiedState',
    description: 'How the voice check stood while something was done on the account; accepted is no reason.',
  });

export const unverifiedActionSchema = z
  .object({
    accountEventId: z.string(),
    kind: z.enum(accountEventKinds),
    at: z.iso.datetime(),
    verificationState: unverifiedStateSchema,
  })
  .meta({ id: 'UnverifiedAction' });

export const sensitiveActionSchema = z
  .object({ actions: z.array(unverifiedActionSchema) })
  .meta({ id: 'SensitiveAction' });

export const accountVelocitySchema = z
  .object({
    calls: z.number().describe('Calls for this customer within the window, this one included.'),
    windowHours: z.number(),
  })
  .meta({ id: 'AccountVelocity' });

export const failedKnowledgeChecksSchema = z
  .object({ count: z.number() })
  .meta({ id: 'FailedKnowledgeChecks' });

export const numberVelocitySchema = z
  .object({
    customers: z
      .number()
      .describe('Customers that this calling number was used for within the window, this call’s included.'),
    windowHours: z.number(),
  })
  .meta({ id: 'NumberVelocity' });

export const numberNewForCustomerSchema = z
  .object({ earlierCalls: z.number().describe('None of which had the number.') })
  .meta({ id: 'NumberNewForCustomer' });

export const replacementHeldSchema = z
  .object({ heldId: z.uuid(), at: z.iso.datetime() })
  .meta({ id: 'ReplacementHeld' });

export const voiceMismatchLeftSchema = z
  .object({ verificationState: z.enum(['rejected', 'inconclusive']) })
  .meta({ id: 'VoiceMismatchLeft' });

export const watchlistMatchLeftSchema = z
  .object({ listId: z.uuid(), listName: z.string() })
  .meta({ id: 'WatchlistMatchLeft' });
