import { z } from 'zod';
import { packIds, requestKinds } from '../../../core/privacy/packs/pack.js';
import {
  authorities,
  identityMethods,
  objectionScopes,
  refusalReasons,
  requestChannels,
  requestStates,
} from '../../../core/privacy/requests/request.js';
import { rulingSchema } from '../../../core/privacy/packs/schemas.js';
import { answerStandingSchema, receiptStandingSchema } from '../../../core/privacy/requests/schemas.js';
import { erasureReasons } from '../../../core/privacy/erasure-receipt.js';

export const requestViewSchema = z
  .object({
    requestId: z.uuid(),
    customerId: z.uuid(),
    kind: z.enum(requestKinds),
    scopes: z.array(z.enum(objectionScopes)),
    channel: z.enum(requestChannels),
    onBehalf: z.object({ authority: z.enum(authorities), proofReference: z.string().nullable() }).nullable(),
    appealOf: z.uuid().nullable(),
    state: z.enum(requestStates),
    packs: z.array(z.enum(packIds)).describe('Laws that protected the person when the request came.'),
    right: rulingSchema
      .nullable()
      .describe('Who gives the right; null: none of these laws does, and it is answered all the same.'),
    receivedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    dueBy: rulingSchema,
    standing: answerStandingSchema,
    extension: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('possible'), until: z.iso.datetime() }),
      z.object({ kind: z.literal('made'), at: z.iso.datetime(), reason: z.string().nullable() }),
      z.object({ kind: z.literal('not-allowed') }),
    ]),
    receipt: z.object({
      standing: receiptStandingSchema,
      confirmBy: z.string().nullable(),
      confirmedAt: z.iso.datetime().nullable(),
    }),
    identity: z
      .object({
        method: z.enum(identityMethods),
        passed: z.boolean(),
        reference: z.string().nullable(),
        checkedAt: z.iso.datetime(),
        checkedBy: z.string().nullable(),
      })
      .nullable(),
    releasedAt: z.iso.datetime().nullable(),
    answer: z
      .object({
        at: z.iso.datetime(),
        by: z.string().nullable(),
        explanation: z.string().nullable(),
        refusal: z.object({ reason: z.enum(refusalReasons), article: z.string() }).nullable(),
        erasureId: z.string().nullable(),
      })
      .nullable(),
    appealUnder: rulingSchema
      .nullable()
      .describe(
        'Who gives the right to appeal within the business; null where the way is the authority (GDPR Art. 12(4), 77).',
      ),
  })
  .meta({
    id: 'RequestView',
    description: 'How a request stands, with every date and the rule that set it.',
  });

export const requestPageSchema = z
  .object({
    requests: z.array(requestViewSchema),
    nextCursor: z.string().nullable().describe('Null on the last page.'),
  })
  .meta({ id: 'RequestPage' });

export const gpcGpcAnswer = z.object({ gpc: z.literal(true), lastUpdate: z.literal('2026-11-26') });

export const objectionViewSchema = z
  .object({
    objectionId: z.string(),
    requestId: z.uuid(),
    kind: z.enum(['objection', 'limit']),
    scopes: z.array(z.enum(objectionScopes)),
    since: z.iso.datetime(),
    standing: z
      .enum(['in-force', 'given-way', 'taken-back'])
      .describe('`given-way`: the person has agreed since, to all of it.'),
    takenBackAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ObjectionView' });

export const objectionsListAnswer = z.object({ objections: z.array(objectionViewSchema) });

export const takenBackSchema = z
  .object({ objectionId: z.string(), takenBackAt: z.iso.datetime(), alreadyTakenBack: z.boolean() })
  .meta({ id: 'TakenBack' });

export const requestsFulfilAnswer = z.object({
  request: requestViewSchema,
  receipt: z
    .object({
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
    })
    .optional(),
});

export const signalOutcomeSchema = z
  .enum(['recorded', 'no-signal', 'not-asked-for', 'standing'])
  .meta({ id: 'SignalOutcome' });
