import { z } from 'zod';

export const healthLiveAnswer = z.object({ status: z.literal('live') });
