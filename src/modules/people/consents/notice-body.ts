import { z } from 'zod';
import { purposes, type Purpose } from '../../../core/privacy/consent.js';
import { languageTag } from './consent-body.js';

export const noticeExample = {
  version: '2026-06',
  language: 'en-GB',
  text: 'We make a voiceprint of your voice to check that it is you who calls. You can say no, and change your mind at any time.',
  purposes: ['verification', 'enrolment'] as Purpose[],
  asksAgain: true,
};

export const noticeBody = z
  .strictObject({
    version: z.string().min(1).max(100),
    language: languageTag,
    text: z.string().min(1).max(20_000),
    purposes: z
      .array(z.enum(purposes))
      .min(1)
      .max(purposes.length)
      .refine((given) => new Set(given).size === given.length, 'each purpose once'),
    asksAgain: z
      .boolean()
      .describe('Consents under older versions count as missing once this one is in force'),
    effectiveFrom: z.iso
      .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
      .optional()
      .describe('Without it: now, or when the version in its first language was'),
  })
  .meta({ example: noticeExample });

export type NewNotice = z.output<typeof noticeBody>;
