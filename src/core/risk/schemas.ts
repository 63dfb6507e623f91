import { z } from 'zod';
import type { MeasuredCode, ReasonCode } from './risk-reason.js';
import { signals } from './signals/signals.js';
import {
  accountVelocitySchema,
  callerChangedSchema,
  failedKnowledgeChecksSchema,
  numberNewForCustomerSchema,
  numberVelocitySchema,
  replacementHeldSchema,
  sensitiveActionSchema,
  voiceMismatchLeftSchema,
  voiceMismatchSchema,
  watchlistMatchLeftSchema,
  watchlistMatchSchema,
} from './signals/schemas.js';

export const reasonGroupSchema = z.enum(['number', 'voice', 'account-activity', 'knowledge']).meta({
  id: 'ReasonGroup',
  description: 'Reasons of one group may depend on each other, so they are not summed at full weight.',
});

export const destructionSchema = z
  .object({
    because: z.enum(['consent-withdrawn', 'objected']),
    at: z.iso.datetime().describe('When they said so.'),
  })
  .meta({ id: 'Destruction', description: "The person's word that ended it." });

export const reasonCodeSchema = z
  .enum(signals.map(({ code }) => code))
  .meta({ id: 'ReasonCode', description: 'What was found in a call that speaks for fraud.' });

/** Of every signal: one that is added has no place in an answer before it stands here. */
const evidence = {
  'voice-mismatch': voiceMismatchSchema,
  'watchlist-match': watchlistMatchSchema,
  'caller-changed': callerChangedSchema,
  'sensitive-action': sensitiveActionSchema,
  'account-velocity': accountVelocitySchema,
  'failed-knowledge-checks': failedKnowledgeChecksSchema,
  'number-velocity': numberVelocitySchema,
  'number-new-for-customer': numberNewForCustomerSchema,
  'attestation-missing': z.object({}),
  'attestation-failed': z.object({}),
  'replacement-held': replacementHeldSchema,
} satisfies Readonly<Record<ReasonCode, z.ZodType>>;

const leftOfEvidence = {
  'voice-mismatch': voiceMismatchLeftSchema,
  'watchlist-match': watchlistMatchLeftSchema,
  'caller-changed': z.object({}),
} satisfies Readonly<Record<MeasuredCode, z.ZodType>>;

const weighed = Object.entries(evidence).map(([code, schema]) =>
  z.object({
    code: z.literal(code),
    group: reasonGroupSchema,
    weightNats: z.number().describe('Natural-log likelihood ratio, fraud : no fraud; never negative.'),
    text: z.string().describe('In words that a person can check against the evidence.'),
    evidence: schema,
  }),
);

const destroyed = Object.entries(leftOfEvidence).map(([code, schema]) =>
  z.object({
    code: z.literal(code),
    group: reasonGroupSchema,
    weightNats: z.null(),
    text: z.string(),
    evidence: schema,
    destroyed: destructionSchema,
  }),
);

export const riskReasonSchema = z
  .union([...weighed, ...destroyed])
  .meta({ id: 'RiskReason', description: 'A reason as it stands on a flag.' });
