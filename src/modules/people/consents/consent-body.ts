import { z } from 'zod';
import { consentMethods, purposes, type Purpose } from '../../../core/privacy/consent.js';

const time = z.iso.datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' });

/** BCP 47, such as en-GB. */
export const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag such as en-GB');

export const consentExample = {
  purposes: ['verification', 'enrolment'] as Purpose[],
  noticeVersion: '2026-01',
  noticeLanguage: 'en-GB',
  noticeText:
    'We check your voice to protect your account. You can say no, and change your mind at any time.',
  method: 'read-by-agent',
} as const;

/** What was agreed to, whatever way it came. */
export const consentFields = {
  purposes: z
    .array(z.enum(purposes))
    .min(1)
    .max(purposes.length)
    .refine((given) => new Set(given).size === given.length, 'each purpose once'),
  noticeVersion: z.string().min(1).max(100),
  noticeLanguage: languageTag,
  givenAt: time.optional(),
  validUntil: time.optional(),
};

/** What a person agreed to, in which words, and how. */
export const consentBody = z
  .strictObject({
    ...consentFields,
    /** May be left out where the version is known; otherwise word for word what it says. */
    noticeText: z.string().min(1).max(20_000).optional(),
    method: z.enum(consentMethods),
    /** Where the signed paper or record lies. */
    proofReference: z.string().min(1).max(500).optional(),
    /** Where the person is known to be a child: used to ask what the law wants, and not kept. */
    ageYears: z.int().min(0).max(130).optional(),
    /** A parent or guardian agreed for them; `proofReference` says where that lies. */
    guardian: z.literal(true).optional(),
  })
  .refine(({ method, proofReference }) => method !== 'signed-import' || proofReference !== undefined, {
    path: ['proofReference'],
    error: 'where the signed consent lies: an import needs a proof',
  })
  .refine(({ guardian, proofReference }) => guardian === undefined || proofReference !== undefined, {
    path: ['proofReference'],
    error: 'where the consent of the parent or guardian lies',
  })
  .meta({ example: consentExample });

export type NewConsent = z.output<typeof consentBody>;
