import { z } from 'zod';

export const kinesisStartAnswer = z.object({ reading: z.literal(true) });
