import { z } from 'zod';

/** A hold is on a person or on a listed voice, has a reason, and an end: without one it would be a new retention period. */
export const holdBody = z
  .strictObject({
    customerId: z.uuid().optional(),
    entryId: z.uuid().optional(),
    reason: z.string().trim().min(1).max(1000),
    endsAt: z.iso.datetime({ offset: true, error: 'a time such as 2027-03-01T09:30:00Z' }),
  })
  .refine(({ customerId, entryId }) => (customerId === undefined) !== (entryId === undefined), {
    path: ['customerId'],
    error: 'either customerId or entryId (of a watchlist)',
  })
  .meta({
    example: {
      customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11',
      reason: 'Claim 4 O 118/26 before the regional court: evidence of the calls of March 2026.',
      endsAt: '2027-03-01T00:00:00Z',
    },
  });
export type NewHold = z.output<typeof holdBody>;
