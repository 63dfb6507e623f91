import { z } from 'zod';

export const meanVoiceViewSchema = z
  .object({
    modelId: z.string(),
    modelSha256: z.string(),
    inForce: z.union([
      z.object({ kind: z.literal('model') }),
      z.object({
        kind: z.literal('own'),
        version: z.number(),
        modelId: z.string(),
        meanVoice: z.enum(['model', 'own']),
        calls: z.number(),
        distance: z
          .number()
          .nullable()
          .describe(
            "How far it lies from the model's own: the length of the difference; null for the model's own.",
          ),
        numbers: z
          .array(z.number())
          .nullable()
          .describe(
            "For `timbre-evaluate --centre`: the mean of many callers, nobody's voice. Null for the model's own.",
          ),
        createdAt: z.iso.datetime(),
        createdBy: z.string().nullable().describe('Null: Timbre itself, once enough callers were gathered.'),
      }),
    ]),
    gathered: z.object({
      gathering: z.boolean(),
      calls: z.number(),
      neededCalls: z.number(),
      since: z.iso.datetime().nullable(),
    }),
  })
  .meta({ id: 'MeanVoiceView' });

export const meanVoiceVersionViewSchema = z
  .object({
    version: z.number(),
    modelId: z.string(),
    meanVoice: z.enum(['model', 'own']),
    calls: z.number(),
    distance: z
      .number()
      .nullable()
      .describe(
        "How far it lies from the model's own: the length of the difference; null for the model's own.",
      ),
    numbers: z
      .array(z.number())
      .nullable()
      .describe(
        "For `timbre-evaluate --centre`: the mean of many callers, nobody's voice. Null for the model's own.",
      ),
    createdAt: z.iso.datetime(),
    createdBy: z.string().nullable().describe('Null: Timbre itself, once enough callers were gathered.'),
  })
  .meta({ id: 'MeanVoiceVersionView' });

export const meanVoicesVersionsAnswer = z.object({ versions: z.array(meanVoiceVersionViewSchema) });
