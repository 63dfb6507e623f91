import { z } from 'zod';

export const holdViewSchema = z
  .object({
    holdId: z.string(),
    customerId: z.uuid().nullable(),
    entryId: z.uuid().nullable(),
    reason: z.string(),
    state: z.enum(['ended', 'in-force', 'released']),
    placedBy: z.uuid(),
    placedAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    releasedBy: z.uuid().nullable(),
    releasedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'HoldView' });

export const legalHoldsListAnswer = z.object({ holds: z.array(holdViewSchema) });
