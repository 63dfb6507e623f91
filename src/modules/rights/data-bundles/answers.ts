import { z } from 'zod';
import { reasonCodeSchema } from '../../../core/risk/schemas.js';
import { packIds, requestKinds } from '../../../core/privacy/packs/pack.js';
import { customerViewSchema } from '../../people/customers/answers.js';
import {
  heldEnrolmentViewSchema,
  pendingEnrolmentViewSchema,
  voiceprintStatusViewSchema,
} from '../../people/voiceprints/answers.js';
import { consentViewSchema } from '../../people/consents/answers.js';
import { objectionScopes, requestStates } from '../../../core/privacy/requests/request.js';
import { verificationReasonSchema, verificationStateSchema } from '../../../core/speaker/schemas.js';
import { severities } from '../../../core/risk/risk-reason.js';
import { flagStates } from '../../../core/risk/flag-states.js';
import { recordedActivitySchema } from '../../../core/privacy/schemas.js';

export const bundleObjectionSchema = z
  .object({
    kind: z.enum(['objection', 'limit']),
    scopes: z.array(z.enum(objectionScopes)),
    since: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BundleObjection' });

export const bundleCallSchema = z
  .object({
    callId: z.uuid(),
    direction: z.enum(['inbound', 'outbound']).nullable(),
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    decision: z
      .object({
        state: verificationStateSchema,
        reason: verificationReasonSchema,
        inWords: z.string(),
        netSpeechMs: z.number(),
        llr: z
          .number()
          .nullable()
          .describe("Natural-log likelihood ratio, the customer's voice : another's."),
        acceptLlr: z.number().nullable(),
        rejectLlr: z.number().nullable(),
        policyVersion: z.number().nullable(),
      })
      .nullable(),
  })
  .meta({
    id: 'BundleCall',
    description:
      'A call that was made as this customer; the result is that of the claim, not of anybody named later.',
  });

export const bundleAccountEventSchema = z
  .object({ callId: z.uuid(), kind: z.string(), reference: z.string().nullable(), at: z.iso.datetime() })
  .meta({ id: 'BundleAccountEvent' });

export const bundleFlagSchema = z
  .object({
    callId: z.uuid(),
    severity: z.enum(severities),
    state: z.enum(flagStates),
    reasons: z.array(
      z.object({
        code: reasonCodeSchema,
        text: z.string(),
      }),
    ),
    raisedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .meta({ id: 'BundleFlag' });

export const bundleRequestSchema = z
  .object({
    kind: z.enum(requestKinds),
    scopes: z.array(z.enum(objectionScopes)),
    state: z.enum(requestStates),
    receivedAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    answeredAt: z.iso.datetime().nullable(),
    explanation: z.string().nullable(),
  })
  .meta({ id: 'BundleRequest' });

export const bundleUseSchema = z
  .object({ at: z.iso.datetime(), action: z.string(), callId: z.string().nullable() })
  .meta({ id: 'BundleUse' });

export const dataBundleSchema = z
  .object({
    format: z.literal('timbre-data-bundle'),
    version: z.literal(1),
    at: z.iso.datetime(),
    business: z.object({
      recipients: z
        .array(z.object({ name: z.string(), what: z.string(), role: z.enum(['controller', 'processor']) }))
        .describe('Outside the business: hosting, telephony, the police.'),
      controller: z
        .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
        .nullable(),
      dataProtectionOfficer: z
        .object({ name: z.string(), address: z.string().optional(), email: z.string().optional() })
        .nullable(),
      transfers: z
        .array(
          z.object({
            country: z.string(),
            recipient: z.string(),
            safeguard: z
              .string()
              .describe('Adequacy decision, standard contractual clauses, … (Art. 44 to 49).'),
          }),
        )
        .describe('To countries outside the EU or EEA (Art. 30(1)(e)).'),
      name: z.string(),
    }),
    laws: z.array(z.object({ packId: z.enum(packIds), name: z.string(), citation: z.string() })),
    customer: customerViewSchema,
    voiceprints: z
      .array(voiceprintStatusViewSchema)
      .describe('Described, with dates and reasons; those that have ended too.'),
    pendingEnrolment: pendingEnrolmentViewSchema.nullable(),
    heldEnrolments: z.array(heldEnrolmentViewSchema),
    consents: z.array(consentViewSchema),
    objections: z.array(bundleObjectionSchema),
    calls: z.array(bundleCallSchema),
    accountEvents: z.array(bundleAccountEventSchema),
    flags: z.array(bundleFlagSchema),
    requests: z.array(bundleRequestSchema),
    uses: z
      .array(bundleUseSchema)
      .describe("Who did what with the person's data and when, from the audit log."),
    purposes: z
      .array(recordedActivitySchema)
      .describe('What the data is for, on what ground, who sees it, how long it is kept.'),
    logic: z.array(z.string()).describe('How an automated result comes about (GDPR Art. 15(1)(h)).'),
    leftOut: z.array(z.string()),
  })
  .meta({
    id: 'DataBundle',
    description:
      "Everything about one person that may be handed to them (GDPR Art. 15, 20): never a vector, audio or somebody else's data.",
  });
