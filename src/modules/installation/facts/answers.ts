import { z } from 'zod';

export const auditEntryViewSchema = z
  .looseObject({ hash: z.string() })
  .meta({ id: 'AuditEntryView', description: 'An entry as it is chained, and its hash.' });

export const auditPageSchema = z
  .object({
    entries: z.array(auditEntryViewSchema),
    next: z.number().nullable().describe("For the next page's `before`; null on the last."),
  })
  .meta({ id: 'AuditPage' });
