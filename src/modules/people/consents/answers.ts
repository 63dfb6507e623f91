import { z } from 'zod';
import { purposes } from '../../../core/privacy/consent.js';

export const consentViewSchema = z
  .object({
    consentId: z.uuid(),
    state: z.enum(['expired', 'granted', 'withdrawn']),
    purposes: z.array(z.enum(purposes)),
    standingPurposes: z
      .array(z.enum(purposes))
      .describe('Those of the purposes that no withdrawal has ended.'),
    askedAgain: z
      .array(z.enum(purposes))
      .describe('Those that do not count any more, because a newer version of the notice asks again.'),
    noticeVersion: z.string(),
    noticeLanguage: z.string(),
    noticeText: z.string(),
    method: z.string(),
    givenAt: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    withdrawnAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ConsentView', description: 'One consent as given, and what has become of it.' });

export const noticeViewSchema = z
  .object({
    version: z.string(),
    language: z.string(),
    text: z.string(),
    purposes: z.array(z.enum(purposes)).nullable(),
    asksAgain: z.boolean(),
    effectiveFrom: z.string(),
    createdAt: z.iso.datetime(),
    createdBy: z.uuid().nullable(),
  })
  .meta({ id: 'NoticeView' });

export const consentNoticesListAnswer = z.object({ notices: z.array(noticeViewSchema) });

export const consentSignerSchema = z
  .object({
    signerId: z.string().describe("The key's thumbprint (RFC 7638): what a signature names in `kid`."),
    name: z.string(),
    algorithm: z.enum(['EdDSA', 'ES256', 'RS256']),
    publicJwk: z.union([
      z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
      z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
      z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
    ]),
    addedAt: z.iso.datetime(),
    addedBy: z.uuid().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({
    id: 'ConsentSigner',
    description: "A system of the business's whose signature on a consent is taken.",
  });

export const consentSignersListAnswer = z.object({ signers: z.array(consentSignerSchema) });

export const consentsListAnswer = z.object({ consents: z.array(consentViewSchema) });
