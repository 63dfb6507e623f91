import { z } from 'zod';
import { operatingPointNames } from '../policy/policy.js';
import { rulingSchema } from '../privacy/packs/schemas.js';

export const replacementRefusalCodeSchema = z
  .enum(['unlike-voiceprint', 'voiceprint-of-earlier-model', 'call-under-way', 'flag-open'])
  .meta({
    id: 'ReplacementRefusalCode',
    description:
      'Why a new voiceprint may not take the place of the one in force before a second person has said so.',
  });

export const verificationStateSchema = z
  .enum([
    'not-claimed',
    'no-consent',
    'opted-out',
    'not-enrolled',
    'enrolment-incomplete',
    'cooling-off',
    'expired',
    'collecting',
    'accepted',
    'rejected',
    'inconclusive',
  ])
  .meta({
    id: 'VerificationState',
    description: 'docs/decisions.md: the voice against the claimed customer.',
  });

export const verificationReasonSchema = z
  .enum([
    'caller-changed',
    'no-customer-claimed',
    'claim-not-found',
    'consent-missing',
    'consent-expired',
    'consent-withdrawn',
    'objected',
    'consent-method-not-enough',
    'consent-to-be-renewed',
    'voiceprint-missing',
    'enrolled-in-this-call',
    'enrolment-under-way',
    'voiceprint-too-new',
    'voiceprint-past-retention',
    'voiceprint-of-other-model',
    'not-enough-speech',
    'being-weighed',
    'several-voices',
    'evidence-above-accept-threshold',
    'evidence-below-reject-threshold',
    'evidence-between-thresholds',
    'quality-too-poor',
    'mixed-channel',
    'gate-unavailable',
  ])
  .meta({ id: 'VerificationReason' });

export const operatingPointNameSchema = z.enum(operatingPointNames).meta({ id: 'OperatingPointName' });

export const decisionThresholdsSchema = z
  .object({
    acceptLlr: z.number(),
    rejectLlr: z.number(),
    operatingPoint: operatingPointNameSchema,
    costFalseAccept: z.number(),
    costFalseReject: z.number(),
    priorFraud: z.number(),
    policyVersion: z.number(),
    modelId: z.string(),
    ownCallers: z
      .enum(['measured', 'not-yet-measured'])
      .optional()
      .describe(
        "Whether the rate of strangers that the operating point states was measured on the tenant's own callers; absent in results stored before.",
      ),
    meanVoiceVersion: z
      .number()
      .optional()
      .describe("Of the tenant's own mean voice; absent where the model's is used."),
  })
  .meta({
    id: 'DecisionThresholds',
    description: 'The thresholds in force, in llr, and where they come from.',
  });

export const qualityNoteSchema = z
  .enum([
    'mixed-channel',
    'too-quiet',
    'clipped',
    'noisy',
    'packet-loss',
    'several-voices',
    'audio-lost',
    'audio-dropped',
    'arrives-at-half-its-rate',
    'arrives-at-1.5-times-its-rate',
    'arrives-at-twice-its-rate',
  ])
  .meta({ id: 'QualityNote' });

export const callerChangeSchema = z
  .object({
    atMs: z.number().describe('Stream time of the last speech before it.'),
    llr: z.number().describe('Of both sides being one person: well below nought.'),
  })
  .meta({ id: 'CallerChange', description: 'Another voice took over the call.' });

export const verificationResultSchema = z
  .object({
    resultId: z.number().describe('Changes only when something in the result changed.'),
    state: verificationStateSchema,
    reason: verificationReasonSchema,
    llr: z.number().nullable().describe('Null until there is evidence.'),
    posterior: z
      .number()
      .nullable()
      .describe(
        "Probability that the caller is the customer, at the policy's prior; null until there is evidence.",
      ),
    thresholds: decisionThresholdsSchema.nullable(),
    netSpeechMs: z.number().describe('Speech the VAD kept and quality accepted, since the gate opened.'),
    minNetSpeechMs: z.number(),
    span: z
      .object({ startMs: z.number(), endMs: z.number() })
      .nullable()
      .describe('Stream time that the evidence in force covers; null until there is evidence.'),
    quality: z.array(qualityNoteSchema),
    callerChange: callerChangeSchema
      .nullable()
      .optional()
      .describe(
        'The last change of the voice; what else is said here is of the voice since then. Absent in results stored before it was told.',
      ),
    consentId: z
      .uuid()
      .nullable()
      .describe('The consent under which the voice is being processed; null when none is.'),
    decidedBy: rulingSchema
      .optional()
      .describe(
        'The rule of the legal pack by which it is, or may not be. Absent while nobody is claimed, and in results stored before it was told.',
      ),
  })
  .meta({ id: 'VerificationResult' });
