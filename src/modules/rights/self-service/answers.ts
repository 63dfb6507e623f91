import { z } from 'zod';
import { scopes } from './scopes.js';
import { purposes } from '../../../core/privacy/consent.js';
import { objectionViewSchema, signalOutcomeSchema } from '../requests/answers.js';
import { erasureReasons } from '../../../core/privacy/erasure-receipt.js';
import { requestKinds } from '../../../core/privacy/packs/pack.js';
import { requestStates } from '../../../core/privacy/requests/request.js';

export const linkDocumentSchema = z
  .object({ linkId: z.uuid(), scopes: z.array(z.enum(scopes)), expiresAt: z.iso.datetime(), url: z.string() })
  .meta({ id: 'LinkDocument' });

export const myVoiceprintSchema = z
  .object({
    state: z.enum(['expired', 'active', 'replaced', 'revoked']),
    source: z.string(),
    madeAt: z.iso.datetime(),
    countsFrom: z.iso
      .datetime()
      .nullable()
      .describe(
        "Before it calls are not compared with it, since it took another's place; null: it counts already.",
      ),
    keptUntil: z.iso.datetime(),
    keptBecause: z.string().describe('Why until then (RetentionReason).'),
    endedAt: z.iso.datetime().nullable(),
    endedBecause: z.string().nullable(),
  })
  .meta({ id: 'MyVoiceprint' });

export const offeredNoticeSchema = z.object({ version: z.string(), languages: z.array(z.string()) }).meta({
  id: 'OfferedNotice',
  description:
    'The published version that a person reads today for a purpose, and the languages it is there in.',
});

export const myPurposeSchema = z
  .object({
    purpose: z.enum(purposes),
    consent: z.enum(['expired', 'granted', 'withdrawn', 'objected', 'missing']),
    since: z.iso.datetime().nullable().describe('When it was given, or ended.'),
    until: z.iso.datetime().nullable(),
    given: z
      .object({ version: z.string(), language: z.string() })
      .nullable()
      .describe('Under which words it was given.'),
    askedAgain: z
      .boolean()
      .describe('A newer notice asks again: what was agreed to before does not count any more.'),
    offer: offeredNoticeSchema
      .nullable()
      .describe('The words to agree to now; null: it cannot be agreed to here.'),
  })
  .meta({ id: 'MyPurpose' });

export const myNoticeSchema = z
  .object({
    version: z.string(),
    language: z.string(),
    text: z.string(),
    purposes: z.array(z.enum(purposes)),
  })
  .meta({ id: 'MyNotice' });

export const meStateAnswer = z.object({
  bank: z.string(),
  accountRef: z.string(),
  scopes: z.array(z.enum(scopes)).describe('What this visit may do.'),
  language: z
    .string()
    .nullable()
    .describe("What the bank's site speaks with the person; null: it did not say."),
  endsAt: z.iso.datetime(),
  retentionPolicy: z.string().describe("The bank's public policy of retention and destruction."),
  voiceprint: myVoiceprintSchema.nullable(),
  pending: z.object({ netSpeechMs: z.number(), keptUntil: z.iso.datetime() }).nullable(),
  held: z
    .array(z.object({ madeAt: z.iso.datetime(), keptUntil: z.iso.datetime(), source: z.string() }))
    .describe("Voiceprints offered in the customer's name that the business has to decide on."),
  neededMs: z.number().describe('Net speech that an enrolment takes.'),
  purposes: z.array(myPurposeSchema),
  notices: z.array(myNoticeSchema),
  optOutSignal: signalOutcomeSchema,
});

export const meEraseAnswer = z.object({
  receipt: z.object({
    v: z.literal(1),
    kind: z.literal('timbre-erasure-receipt'),
    erasureId: z.string(),
    tenantId: z.string(),
    customerId: z.string(),
    reason: z.enum(erasureReasons),
    rules: z.array(z.object({ packId: z.string(), rule: z.string(), article: z.string() })),
    requestId: z.string().nullable(),
    requestedBy: z.string().nullable(),
    requestedAt: z.iso.datetime(),
    keys: z
      .array(z.object({ keyId: z.string(), destroyedAt: z.iso.datetime() }))
      .describe('Keys that sealed anything of this person, and when each was destroyed.'),
    erasedAt: z.iso.datetime(),
    counts: z.record(z.string(), z.number()).describe('Rows deleted or pseudonymised, by table.'),
    signingKeyId: z.string(),
  }),
  signature: z
    .string()
    .describe("Ed25519 (RFC 8032) over the receipt's canonical JSON (RFC 8785) in UTF-8; base64url."),
});

export const myRequestSchema = z
  .object({
    requestId: z.uuid(),
    kind: z.enum(requestKinds),
    scopes: z.array(z.string()),
    state: z.enum(requestStates),
    receivedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    answeredAt: z.iso.datetime().nullable(),
    explanation: z.string().nullable(),
  })
  .meta({ id: 'MyRequest', description: 'What a person is told of their request.' });

export const myRightsListAnswer = z.object({ requests: z.array(myRequestSchema) });

export const myRightsObjectionsAnswer = z.object({ objections: z.array(objectionViewSchema) });

export const openSessionSchema = z
  .object({ scopes: z.array(z.enum(scopes)), endsAt: z.iso.datetime() })
  .meta({ id: 'OpenSession' });
