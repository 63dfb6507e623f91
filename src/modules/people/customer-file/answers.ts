import { z } from 'zod';
import { packIds } from '../../../core/privacy/packs/pack.js';

export const customerStateSchema = z
  .object({
    consent: z
      .object({
        verification: z.enum(['expired', 'granted', 'withdrawn', 'objected', 'missing']),
        enrolment: z.enum(['expired', 'granted', 'withdrawn', 'objected', 'missing']),
        'fraud-watchlist': z.enum(['expired', 'granted', 'withdrawn', 'objected', 'missing']),
      })
      .describe("As the gate sees it: consent that the law of the person's home does not take is missing."),
    packs: z.array(z.enum(packIds)).describe('The laws that protect this person.'),
    voiceprint: z
      .enum(['expired', 'active', 'replaced', 'revoked', 'none'])
      .describe('`none` when there never was one.'),
    customerId: z.uuid(),
    accountRef: z.string(),
    residence: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastInteractionAt: z.iso.datetime(),
  })
  .meta({ id: 'CustomerState' });
