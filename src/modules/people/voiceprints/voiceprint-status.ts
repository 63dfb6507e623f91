import { MoreThan, type EntityManager } from 'typeorm';
import type { ConsentId, CustomerId, VoiceprintId } from '../../../core/ids.js';
import type { Ruling } from '../../../core/privacy/packs/pack.js';
import type { ExpiryReason } from '../../../core/privacy/retention.js';
import type { ReplacementRefusalCode } from '../../../core/speaker/replacement.js';
import { isOfModel, type ServedModel } from '../../installation/models/served-model.js';
import { EnrolmentStretchRow } from './enrolment-stretch.entity.js';
import { HeldEnrolment } from './held-enrolment.entity.js';
import type { CheckedBy, ReenrolmentReason } from './reenrolment.js';
import { Voiceprint, type StretchSource, type VoiceprintStatus } from './voiceprint.entity.js';

/** What may be told of a voiceprint: never the vector. */
export interface VoiceprintStatusView {
  readonly voiceprintId: VoiceprintId;
  readonly status: VoiceprintStatus;
  readonly modelId: string;
  readonly netSpeechMs: number;
  readonly source: StretchSource;
  /** The voiceprint of another model that this one followed, in a call that was verified against it. */
  readonly migratedFrom: VoiceprintId | null;
  readonly consentId: ConsentId;
  readonly createdAt: string;
  /** Before it calls are not compared with it: it took another's place, and its cooling-off is not over. */
  readonly vouchesFrom: string;
  readonly expiresAt: string;
  readonly expiryReason: ExpiryReason;
  readonly expiryDecidedBy: Ruling | null;
  readonly endedAt: string | null;
  readonly endedReason: string | null;
}

export interface PendingEnrolmentView {
  readonly netSpeechMs: number;
  readonly stretches: number;
  readonly expiresAt: string;
}

/** An enrolment that waits for a second person's decision. */
export interface HeldEnrolmentView {
  readonly heldId: string;
  readonly because: ReplacementRefusalCode;
  /** Why the customer was enrolled again, and how else it was made sure who they are, where that was said. */
  readonly reason: ReenrolmentReason | null;
  readonly checks: readonly CheckedBy[];
  readonly source: StretchSource;
  readonly netSpeechMs: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** Oldest first. */
export async function heldEnrolments(
  em: EntityManager,
  customerId: CustomerId,
  nowMs: number,
): Promise<HeldEnrolmentView[]> {
  const rows = await em.find(HeldEnrolment, {
    where: { customerId, expiresAt: MoreThan(new Date(nowMs)) },
    order: { createdAt: 'ASC', heldId: 'ASC' },
  });
  return rows.map(toHeldView);
}

export function toHeldView(row: HeldEnrolment): HeldEnrolmentView {
  const { heldId, because, reason, checks, source, netSpeechMs } = row;
  const dates = { createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt.toISOString() };
  return { heldId, because, reason, checks, source, netSpeechMs, ...dates };
}

/** The newest voiceprint, an active one before any other; undefined when there never was one. */
export async function newestVoiceprint(
  em: EntityManager,
  customerId: CustomerId,
): Promise<Voiceprint | undefined> {
  const rows = await em.find(Voiceprint, {
    where: { customerId },
    order: { createdAt: 'DESC', voiceprintId: 'ASC' },
  });
  return rows.find((row) => row.status === 'active') ?? rows[0];
}

export async function pendingEnrolment(
  em: EntityManager,
  customerId: CustomerId,
  modelId: string,
  nowMs: number,
): Promise<PendingEnrolmentView | undefined> {
  const kept = await em.find(EnrolmentStretchRow, {
    select: { stretchId: true, netSpeechMs: true, expiresAt: true },
    where: { customerId, modelId, expiresAt: MoreThan(new Date(nowMs)) },
    order: { expiresAt: 'ASC' },
  });
  const first = kept[0];
  if (first === undefined) return undefined;
  return {
    netSpeechMs: kept.reduce((sum, row) => sum + row.netSpeechMs, 0),
    stretches: kept.length,
    expiresAt: first.expiresAt.toISOString(),
  };
}

/** A voiceprint past its date, or of a model that is not served, is shown as expired even before the sweeper has come by. */
export function toStatusView(
  row: Voiceprint,
  served: readonly ServedModel[],
  nowMs: number,
): VoiceprintStatusView {
  const inDate = row.restrictedAt === null && row.expiresAt.getTime() > nowMs;
  const isUsable = inDate && served.some((model) => isOfModel(row, model));
  return {
    voiceprintId: row.voiceprintId,
    status: row.status === 'active' && !isUsable ? 'expired' : row.status,
    modelId: row.modelId,
    netSpeechMs: row.netSpeechMs,
    source: row.source,
    migratedFrom: row.migratedFrom,
    consentId: row.consentId,
    createdAt: row.createdAt.toISOString(),
    vouchesFrom: row.vouchesFrom.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    expiryReason: row.expiryReason,
    expiryDecidedBy: row.expiryDecidedBy,
    endedAt: row.endedAt?.toISOString() ?? null,
    endedReason: row.endedReason,
  };
}
