import { z } from 'zod';
import { basisSchema, recipientSchema } from './data-map/schemas.js';
import { packIds } from './packs/pack.js';

export const expiryReasonSchema = z
  .enum(['consent-ends', 'days-after-last-interaction', 'law-limit', 'model-retired'])
  .meta({
    id: 'ExpiryReason',
    description: '`model-retired` comes from outside this table: nothing here knows which models are served.',
  });

export const namedSchema = z.object({ id: z.string(), text: z.string() }).meta({ id: 'Named' });

export const recordedActivitySchema = z
  .object({
    id: z.enum([
      'verification',
      'enrolment',
      'watchlist',
      'requests',
      'calls',
      'proof',
      'fraud-detection',
      'access-control',
    ]),
    name: z.string(),
    purpose: z.string(),
    legalBases: z.array(basisSchema),
    people: z.array(z.string()),
    categories: z.array(namedSchema),
    specialCategory: z.boolean().describe('Data of GDPR Art. 9(1) among them.'),
    recipients: z.array(recipientSchema),
    retention: z.array(namedSchema),
    erasure: z.array(namedSchema),
    tables: z.array(z.string()),
  })
  .meta({
    id: 'RecordedActivity',
    description:
      'One activity of the record of processing (GDPR Art. 30(1)(b) to (d) and (f)), drawn from the data map.',
  });

export const processingRecordSchema = z
  .object({
    at: z.iso.datetime(),
    policyVersion: z.number(),
    activities: z.array(recordedActivitySchema),
    retentionSettings: z
      .record(z.string(), z.number())
      .describe('Days and limits that the policy in force gives to the retention rules.'),
    productSecurityMeasures: z
      .array(z.string())
      .describe("Art. 30(1)(g): what Timbre itself does; the business's own are in `securityMeasures`."),
    missing: z.array(z.string()).describe('What Art. 30(1) asks for and the business has not said yet.'),
    controller: z
      .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
      .nullable(),
    representative: z
      .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
      .nullable(),
    dataProtectionOfficer: z
      .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
      .nullable(),
    jointControllers: z.array(
      z.object({ name: z.string(), address: z.string().optional(), email: z.string().optional() }),
    ),
    recipients: z
      .array(z.object({ name: z.string(), what: z.string(), role: z.enum(['controller', 'processor']) }))
      .describe('Outside the business: hosting, telephony, the police.'),
    transfers: z
      .array(
        z.object({
          country: z.string(),
          recipient: z.string(),
          safeguard: z
            .string()
            .describe('Adequacy decision, standard contractual clauses, … (Art. 44 to 49).'),
        }),
      )
      .describe('To countries outside the EU or EEA (Art. 30(1)(e)).'),
    securityMeasures: z.array(z.string()).describe('Beside those that Timbre itself brings.'),
  })
  .meta({ id: 'ProcessingRecord' });

export const publishedClassSchema = z
  .object({
    kind: z.string(),
    data: z.string(),
    purpose: z.string(),
    days: z
      .number()
      .nullable()
      .describe('Days of the period that the business has set; null: its end is no number of days.'),
    period: z.string(),
    endsEarlier: z.array(z.string()),
    destruction: z.string(),
  })
  .meta({ id: 'PublishedClass', description: 'One class of data of the policy that the public can read.' });

export const publishedLimitSchema = z
  .object({
    packId: z.enum(packIds),
    law: z.string(),
    asksForThisPolicy: z.string().nullable(),
    limits: z.array(z.object({ article: z.string(), text: z.string() })),
  })
  .meta({ id: 'PublishedLimit' });

export const publishedRetentionSchema = z
  .object({
    business: z.string(),
    contact: z
      .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
      .nullable(),
    dataProtectionOfficer: z
      .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
      .nullable(),
    policyVersion: z.number(),
    classes: z.array(publishedClassSchema),
    laws: z
      .array(publishedLimitSchema)
      .describe(
        "Of the laws under which the business's customers live; for each voiceprint the earliest date counts.",
      ),
    neverKept: z.array(z.string()),
    keptAsProof: z.string(),
    destruction: z.array(z.string()),
    rights: z.array(z.string()),
  })
  .meta({
    id: 'PublishedRetention',
    description:
      'Written, public policy of retention and destruction (740 ILCS 14/15(a); C.R.S. 6-1-1314(2)(a)).',
  });

export const dueReasonSchema = z
  .enum([
    'consent-ends',
    'days-after-last-interaction',
    'law-limit',
    'model-retired',
    'own-date',
    'days-after-last-change',
    'days-after-the-call',
    'days-after-its-end',
    'days-after-consent-ended',
  ])
  .meta({ id: 'DueReason' });
