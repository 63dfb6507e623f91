import { z } from 'zod';

export const modelRoleSchema = z.enum(['current', 'previous', 'retired']).meta({ id: 'ModelRole' });

export const modelViewSchema = z
  .object({
    modelId: z.string(),
    sha256: z.string(),
    role: modelRoleSchema,
    activeVoiceprints: z.number(),
    destroyedFrom: z
      .string()
      .nullable()
      .describe('Of a retired model: when the first of its voiceprints is destroyed.'),
  })
  .meta({ id: 'ModelView' });

export const modelsViewSchema = z
  .object({
    models: z
      .array(modelViewSchema)
      .describe(
        'Those that are loaded, the current one first; then retired ones that voiceprints are left of.',
      ),
    migration: z.object({
      migrated: z
        .number()
        .describe('Customers whose voiceprint of the current model came from one of another, ever.'),
      underWay: z
        .number()
        .describe('Customers of a previous model of whom some speech of the current one is there already.'),
      remaining: z.number().describe('Customers whose voiceprint is of a previous model.'),
      perDay: z
        .array(z.object({ day: z.string(), migrated: z.number() }))
        .describe('The last 30 days on which customers migrated, newest first (UTC).'),
      daysLeftAtThisRate: z
        .number()
        .nullable()
        .describe(
          'Remaining customers at the rate of the last 7 days; null while there is no rate. Rare callers come last: it ends later.',
        ),
      to: z.string(),
    }),
  })
  .meta({ id: 'ModelsView' });
