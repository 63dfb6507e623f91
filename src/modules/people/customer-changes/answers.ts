import { z } from 'zod';

export const importOutcomeSchema = z
  .union([
    z.object({ index: z.number(), kind: z.enum(['recorded', 'already-recorded']), consentId: z.uuid() }),
    z.object({ index: z.number(), kind: z.literal('refused'), problem: z.string(), detail: z.string() }),
  ])
  .meta({
    id: 'ImportOutcome',
    description: 'What became of one signed consent; `index` is its place in what was sent.',
  });

export const consentImportsImportAnswer = z.object({ outcomes: z.array(importOutcomeSchema) });
