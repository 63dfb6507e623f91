import { z } from 'zod';
import type { CallId } from '../../../core/ids.js';
import { accountEventKinds } from '../../../core/risk/account-event-kind.js';

export const callIdSchema = z.strictObject({ id: z.uuid().transform((id) => id as CallId) });

export const accountEventSchema = z.strictObject({
  kind: z.enum(accountEventKinds),
  /** The tenant's own number of the transaction or ticket; no room for a sentence about a person. */
  reference: z
    .string()
    .regex(/^[\w.:/-]{1,64}$/, '1 to 64 letters, digits or any of .:/_-')
    .optional(),
});
export type AccountEventBody = z.infer<typeof accountEventSchema>;
