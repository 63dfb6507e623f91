import { z } from 'zod';

export const lawSchema = z.enum(['GDPR', 'CCPA', 'VCDPA', 'CPA', 'BIPA', 'CUBI']).meta({
  id: 'Law',
  description:
    'Whose laws Timbre holds as packs; each basis names its article, so that counsel can check it.',
});

export const basisSchema = z
  .object({ law: lawSchema, article: z.string(), ground: z.string() })
  .meta({ id: 'Basis' });

export const recipientSchema = z
  .enum([
    'agents',
    'customer service',
    'fraud team',
    'privacy officer',
    'administrators',
    'auditors',
    'supervisory authority',
    'the person',
  ])
  .meta({
    id: 'Recipient',
    description:
      "Who gets to see it inside the business, by Timbre's roles; whom the tenant passes data on to is in its policy.",
  });

export const columnUseSchema = z
  .union([
    z.object({ kind: z.literal('not-personal'), why: z.string() }),
    z.object({
      kind: z.literal('personal'),
      category: z.enum([
        'number',
        'account-activity',
        'call',
        'consent',
        'residence',
        'request',
        'identifier',
        'biometric',
        'biometric-key',
        'voiceprint-facts',
        'decision',
        'suspicion',
        'trace',
        'staff',
      ]),
      what: z.string(),
      activity: z
        .enum([
          'verification',
          'enrolment',
          'watchlist',
          'requests',
          'calls',
          'proof',
          'fraud-detection',
          'access-control',
        ])
        .describe('The processing it serves: purpose, legal bases, people and recipients (activities.ts).'),
      retention: z.enum([
        'call',
        'customer',
        'voiceprint',
        'consent',
        'watchlist-entry',
        'request',
        'enrolment-stretch',
        'held-enrolment',
        'audit-log',
        'minute',
        'customer-page-visit',
        'with-its-row',
        'while-served',
      ]),
      erasure: z.enum([
        'with-its-row',
        'key-destroyed',
        'row-deleted',
        'tombstone',
        'customer-row-deleted',
        'id-leads-nowhere',
        'words-emptied',
        'proof-deleted',
        'entry-erased',
        'ends-by-itself',
        'label-changed',
      ]),
    }),
  ])
  .meta({ id: 'ColumnUse' });

export const tableUseSchema = z
  .object({
    table: z.string(),
    what: z.string(),
    bundle: z
      .union([z.object({ in: z.string() }), z.object({ notIn: z.string() })])
      .optional()
      .describe(
        'Where a person finds it in the bundle of their data (GDPR Art. 15), or why it is not in there; left out where nothing is personal.',
      ),
    columns: z.record(z.string(), columnUseSchema).describe("By the database's own names."),
  })
  .meta({ id: 'TableUse' });

export const dataMapGapsSchema = z
  .object({
    unmapped: z
      .array(z.string())
      .describe('`table.column` that is there and not in the map: nobody has said whether it is personal.'),
    stale: z.array(z.string()).describe('`table.column` in the map that is not there any more.'),
    incomplete: z
      .array(z.string())
      .describe('Entries that leave out what has to be known, with what is missing.'),
  })
  .meta({ id: 'DataMapGaps' });
