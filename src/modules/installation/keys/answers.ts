import { z } from 'zod';

export const keyStateSchema = z
  .object({
    tenantKeyVersion: z.number(),
    state: z
      .enum(['settled', 'rotating'])
      .describe('`rotating`: both keys open, the new one seals; it ends when nothing is outstanding.'),
    masterKeyId: z.string().nullable(),
    outstanding: z.record(z.string(), z.number()),
  })
  .meta({ id: 'KeyState' });
