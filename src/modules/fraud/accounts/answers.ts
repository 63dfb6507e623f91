import { z } from 'zod';
import { flagSummarySchema } from '../flags/answers.js';
import { verificationStateSchema } from '../../../core/speaker/schemas.js';

export const accountEventAnswerSchema = z
  .object({
    accountEventId: z.string(),
    flag: flagSummarySchema
      .nullable()
      .describe(
        "The call's flag for the claimed customer, raised or grown by this event or standing from before.",
      ),
    verificationState: verificationStateSchema.describe(
      'How the voice check stood when the event was recorded.',
    ),
  })
  .meta({ id: 'AccountEventAnswer' });
