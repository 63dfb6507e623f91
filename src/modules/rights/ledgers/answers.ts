import { z } from 'zod';

export const ledgerHeadSchema = z
  .object({
    ledger: z.enum(['consents', 'audit']),
    rows: z.number(),
    head: z
      .string()
      .nullable()
      .describe(
        'As timbre-audit head prints it: to be noted where nobody who can write the database can reach it.',
      ),
  })
  .meta({ id: 'LedgerHead' });

export const ledgersHeadsAnswer = z.object({ ledgers: z.array(ledgerHeadSchema) });

export const ledgerVerificationSchema = z
  .object({
    whole: z.boolean(),
    findings: z.array(z.string()).describe('One sentence for each row that is not as it was recorded.'),
    checkedAt: z.iso.datetime(),
    ledger: z.enum(['consents', 'audit']),
    rows: z.number(),
    head: z
      .string()
      .nullable()
      .describe(
        'As timbre-audit head prints it: to be noted where nobody who can write the database can reach it.',
      ),
  })
  .meta({ id: 'LedgerVerification' });
