import { z } from 'zod';
import { destroyedSchema } from '../voiceprints/answers.js';

export const withdrawalSchema = z
  .object({
    consentId: z.uuid(),
    withdrawnAt: z.iso.datetime(),
    alreadyWithdrawn: z.boolean(),
    destroyed: destroyedSchema,
  })
  .meta({ id: 'Withdrawal' });
