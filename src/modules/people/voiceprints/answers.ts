import { z } from 'zod';
import { replacementRefusalCodeSchema } from '../../../core/speaker/schemas.js';
import { checkedBys, reenrolmentReasons } from './reenrolment.js';
import { expiryReasonSchema } from '../../../core/privacy/schemas.js';
import { rulingSchema } from '../../../core/privacy/packs/schemas.js';

export const recordingNoteSchema = z
  .enum(['length-unknown', 'cut-short', 'same-on-both-channels'])
  .meta({ id: 'RecordingNote' });

export const acceptedSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('enrolled'),
      voiceprintId: z.uuid(),
      netSpeechMs: z.number(),
      vouchesFrom: z
        .string()
        .describe("From when on calls are compared with it: later than now where it took another's place."),
      expiresAt: z.iso.datetime(),
      notes: z.array(recordingNoteSchema).optional(),
    }),
    z.object({
      kind: z.literal('incomplete'),
      netSpeechMs: z.number(),
      neededMs: z.number(),
      keptUntil: z.iso.datetime(),
      notes: z.array(recordingNoteSchema).optional(),
    }),
    z.object({
      kind: z.literal('held'),
      heldId: z.string(),
      because: replacementRefusalCodeSchema,
      netSpeechMs: z.number(),
      keptUntil: z.iso.datetime(),
      notes: z.array(recordingNoteSchema).optional(),
    }),
  ])
  .meta({ id: 'Accepted' });

export const stretchSourceSchema = z
  .enum(['call', 'upload', 'microphone'])
  .meta({ id: 'StretchSource', description: "`microphone`: on the customer's own page." });

export const waitingEnrolmentSchema = z
  .object({
    customerId: z.uuid(),
    offeredBy: z.uuid().nullable().describe('Whose token offered it; null: the customer, on their own page.'),
    heldId: z.string(),
    because: replacementRefusalCodeSchema,
    reason: z
      .enum(reenrolmentReasons)
      .nullable()
      .describe(
        'Why the customer was enrolled again, and how else it was made sure who they are, where that was said.',
      ),
    checks: z.array(z.enum(checkedBys)),
    source: stretchSourceSchema,
    netSpeechMs: z.number(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'WaitingEnrolment' });

export const heldEnrolmentsListAnswer = z.object({ heldEnrolments: z.array(waitingEnrolmentSchema) });

export const heldEnrolmentsReleaseAnswer = z.object({
  kind: z.literal('enrolled'),
  voiceprintId: z.uuid(),
  netSpeechMs: z.number(),
  vouchesFrom: z
    .string()
    .describe("From when on calls are compared with it: later than now where it took another's place."),
  expiresAt: z.iso.datetime(),
  notes: z.array(recordingNoteSchema).optional(),
});

export const voiceprintStatusSchema = z
  .enum(['expired', 'active', 'replaced', 'revoked'])
  .meta({ id: 'VoiceprintStatus' });

export const voiceprintStatusViewSchema = z
  .object({
    voiceprintId: z.uuid(),
    status: voiceprintStatusSchema,
    modelId: z.string(),
    netSpeechMs: z.number(),
    source: stretchSourceSchema,
    migratedFrom: z
      .uuid()
      .nullable()
      .describe(
        'The voiceprint of another model that this one followed, in a call that was verified against it.',
      ),
    consentId: z.uuid(),
    createdAt: z.iso.datetime(),
    vouchesFrom: z
      .string()
      .describe(
        "Before it calls are not compared with it: it took another's place, and its cooling-off is not over.",
      ),
    expiresAt: z.iso.datetime(),
    expiryReason: expiryReasonSchema,
    expiryDecidedBy: rulingSchema.nullable(),
    endedAt: z.iso.datetime().nullable(),
    endedReason: z.string().nullable(),
  })
  .meta({ id: 'VoiceprintStatusView', description: 'What may be told of a voiceprint: never the vector.' });

export const pendingEnrolmentViewSchema = z
  .object({ netSpeechMs: z.number(), stretches: z.number(), expiresAt: z.iso.datetime() })
  .meta({ id: 'PendingEnrolmentView' });

export const heldEnrolmentViewSchema = z
  .object({
    heldId: z.string(),
    because: replacementRefusalCodeSchema,
    reason: z
      .enum(reenrolmentReasons)
      .nullable()
      .describe(
        'Why the customer was enrolled again, and how else it was made sure who they are, where that was said.',
      ),
    checks: z.array(z.enum(checkedBys)),
    source: stretchSourceSchema,
    netSpeechMs: z.number(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'HeldEnrolmentView', description: "An enrolment that waits for a second person's decision." });

export const voiceprintDocumentSchema = z
  .object({
    voiceprint: voiceprintStatusViewSchema.nullable(),
    pending: pendingEnrolmentViewSchema.nullable(),
    held: z.array(heldEnrolmentViewSchema),
  })
  .meta({ id: 'VoiceprintDocument' });

export const destroyedSchema = z
  .object({ voiceprints: z.number(), stretches: z.number(), keys: z.number() })
  .meta({ id: 'Destroyed' });
