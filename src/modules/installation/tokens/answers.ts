import { z } from 'zod';
import { roles } from '../../../core/auth/principal.js';

export const tokensCreateAnswer = z.object({
  tokenId: z.uuid(),
  role: z.enum(roles),
  label: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  token: z.string(),
});

export const tokenDescriptionSchema = z
  .object({
    tokenId: z.uuid(),
    role: z.enum(roles),
    label: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'TokenDescription' });

export const tokensListAnswer = z.object({ tokens: z.array(tokenDescriptionSchema) });
