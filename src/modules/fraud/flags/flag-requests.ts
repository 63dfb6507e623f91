import { z } from 'zod';
import type { FlagId } from '../../../core/ids.js';
import { flagStates } from '../../../core/risk/flag-states.js';

export const flagIdSchema = z.strictObject({ id: z.uuid().transform((id) => id as FlagId) });

export const flagReviewSchema = z
  .strictObject({
    state: z.enum(flagStates).optional(),
    assignee: z.string().trim().min(1).max(100).optional(),
    note: z.string().trim().min(1).max(2000).optional(),
    /** The version that was seen; If-Match may say it instead. */
    version: z.int().min(1).optional(),
  })
  .refine(
    ({ state, assignee, note }) => state !== undefined || assignee !== undefined || note !== undefined,
    {
      message: 'at least one of state, assignee, note',
    },
  );
export type FlagReviewBody = z.infer<typeof flagReviewSchema>;

/** `"3"` or `W/"3"`: a flag's entity tag is its version (RFC 9110 §8.8.3). */
export const versionOfEntityTag = (header: string): number | undefined => {
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  return version === undefined ? undefined : Number(version);
};
