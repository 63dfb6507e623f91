import { z } from 'zod';
import { residenceSchema } from '../../../core/privacy/residence.js';
import { grounds } from '../../../core/watchlist/list-basis.js';
import { reaches } from '../../../core/watchlist/screening-gate.js';

const time = z.iso.datetime({ offset: true, error: 'a time such as 2027-03-01T09:30:00Z' });
const words = (most: number) => z.string().trim().min(1).max(most);

export const watchlistExample = {
  name: 'confirmed-fraud',
  purpose: 'Recognise voices of confirmed account takeovers when they call again.',
  ground: 'substantial-public-interest',
  legalReference: 'GDPR Art. 9(2)(g) with section 22(1) BDSG; assessment DPIA-2026-04',
  residences: ['DE'],
  unknownResidence: false,
  reach: 'verified-calls',
  approvedBy: 'Data protection officer, decision of 2026-03-01',
  reviewBy: '2027-03-01T00:00:00Z',
} as const;

export const watchlistBody = z
  .strictObject({
    name: words(100),
    purpose: words(2000),
    ground: z.enum(grounds),
    legalReference: words(2000),
    /** Where the ground is documented to hold; others need their own consent. */
    residences: z.array(residenceSchema).max(300),
    unknownResidence: z.boolean(),
    reach: z.enum(reaches),
    approvedBy: words(500),
    reviewBy: time,
  })
  .meta({ example: watchlistExample });
export type WatchlistBody = z.output<typeof watchlistBody>;

const entry = {
  reference: words(200),
  basisNote: words(2000),
  reviewedBy: words(500),
  keepUntil: time,
  residence: residenceSchema.optional(),
  releaseReference: words(500).optional(),
};

export const entryExample = {
  reference: 'CASE-2026-0117',
  basisNote: 'Account takeover confirmed by police report; flag 7d9f5b1e reviewed as confirmed-fraud.',
  reviewedBy: 'M. Keller, fraud team lead',
  keepUntil: '2027-03-01T00:00:00Z',
} as const;

/** Fields beside the recording. */
export const uploadedEntryBody = z.strictObject({ ...entry, callerChannel: z.enum(['0', '1']).optional() });
export const callEntryBody = z
  .strictObject({ ...entry, callId: z.uuid() })
  .meta({ example: { ...entryExample, callId: '0b0f3c4e-7a55-4a0e-9b1a-3f1f2f1b6a10' } });

export type NewEntry = Omit<z.output<typeof callEntryBody>, 'callId'>;
