import { z } from 'zod';
import { dueReasonSchema } from '../../../core/privacy/schemas.js';
import { rulingSchema } from '../../../core/privacy/packs/schemas.js';

export const previewRowSchema = z
  .object({
    kind: z.string(),
    id: z.string(),
    customerId: z.uuid().nullable(),
    dueAt: z.iso.datetime(),
    reason: dueReasonSchema,
    decidedBy: rulingSchema,
    held: z.boolean().describe('A legal hold keeps it for now.'),
  })
  .meta({ id: 'PreviewRow' });

export const previewSchema = z
  .object({
    asOf: z.string(),
    until: z.iso.datetime(),
    counts: z.record(z.string(), z.object({ due: z.number(), held: z.number() })),
    countedAtMost: z.number().describe('Counting stopped there: there are more.'),
    rows: z.array(previewRowSchema).describe('The first of each kind, earliest first.'),
  })
  .meta({ id: 'Preview' });

export const runSchema = z
  .object({
    runId: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso
      .datetime()
      .nullable()
      .describe('Null: it is under way, or its process died; the next one goes on with what it left.'),
    deleted: z.record(z.string(), z.number()),
    held: z.number().describe('Past their date and kept all the same, by a legal hold.'),
    late: z.number().describe('Deleted later than two intervals after their date.'),
    clockSetBackMs: z.number().describe('By how much the clock was behind that of an earlier sweep.'),
  })
  .meta({ id: 'Run' });

export const retentionRunsAnswer = z.object({ late: z.boolean(), runs: z.array(runSchema) });
