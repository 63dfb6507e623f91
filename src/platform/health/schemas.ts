import { z } from 'zod';

export const readinessReportSchema = z
  .object({
    ready: z.boolean(),
    checks: z.record(z.string(), z.enum(['up', 'down'])),
    warnings: z
      .array(z.string())
      .optional()
      .describe('What somebody must look at though calls go on; absent when there is nothing.'),
  })
  .meta({ id: 'ReadinessReport' });
