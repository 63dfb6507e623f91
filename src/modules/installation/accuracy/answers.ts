import { z } from 'zod';
import { operatingPointNameSchema } from '../../../core/speaker/schemas.js';

export const accuracyViewSchema = z
  .object({
    modelId: z.string(),
    meanVoiceVersion: z.number().nullable().describe("Null: the model's own mean voice."),
    ownCallers: z.enum(['measured', 'not-yet-measured']),
    text: z.string(),
    since: z.iso.datetime().nullable(),
    callers: z.number(),
    neededCallers: z.number(),
    pairs: z.number().describe("Comparisons of a call with another customer's voiceprint."),
    neededPairs: z.number(),
    acceptedCalls: z.number(),
    operatingPoints: z.array(
      z.object({
        operatingPoint: operatingPointNameSchema,
        inUse: z.boolean(),
        acceptLlr: z.number(),
        statedFalseAcceptRate: z.number(),
        falseAcceptRate: z
          .object({ share: z.number(), low: z.number(), high: z.number() })
          .nullable()
          .describe(
            'Strangers accepted at it among your own callers, with the exact 95 % interval by caller; null: too few to say.',
          ),
      }),
    ),
  })
  .meta({ id: 'AccuracyView' });
