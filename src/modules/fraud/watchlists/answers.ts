import { z } from 'zod';
import { reaches } from '../../../core/watchlist/screening-gate.js';

export const entryEndSchema = z
  .enum(['retention', 'erased-on-request', 'list-closed'])
  .meta({ id: 'EntryEnd' });

export const entryViewSchema = z
  .object({
    addedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    state: z
      .enum(['active', 'other-model', 'ended'])
      .describe('`other-model`: made by a model that is not the current one, so no call is held against it.'),
    netSpeechMs: z.number(),
    listId: z.uuid(),
    entryId: z.uuid(),
    reference: z.string().describe("The tenant's own case number: never a person's name."),
    basisNote: z.string().describe("Why this person's voice may be on the list."),
    reviewedBy: z.string(),
    releaseReference: z
      .string()
      .nullable()
      .describe("Where the person's own written release lies, if there is one."),
    residence: z.string().nullable(),
    modelId: z.string(),
    source: z.enum(['call', 'upload']),
    callId: z.uuid().nullable(),
    endedReason: entryEndSchema.nullable(),
  })
  .meta({ id: 'EntryView', description: 'Never the voice itself.' });

export const watchlistEntriesListAnswer = z.object({ entries: z.array(entryViewSchema) });

export const watchlistViewSchema = z
  .object({
    approvedAt: z.iso.datetime(),
    reviewBy: z.string(),
    createdAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    entries: z.number().describe('Voices kept now.'),
    state: z
      .enum(['in-force', 'review-overdue', 'closed'])
      .describe('Whether calls are held against it now, and if not, why not.'),
    name: z.string(),
    listId: z.uuid(),
    purpose: z.string(),
    ground: z.enum(['explicit-consent', 'legal-claims', 'substantial-public-interest', 'security-exception']),
    legalReference: z.string().describe('The law, in the words of whoever approved it.'),
    residences: z.array(z.string()),
    unknownResidence: z.boolean(),
    reach: z.enum(reaches),
    approvedBy: z.string(),
  })
  .meta({ id: 'WatchlistView' });

export const watchlistsListAnswer = z.object({ watchlists: z.array(watchlistViewSchema) });
