import type { EntityManager } from 'typeorm';
import type { ConsentId, TokenId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { ConsentEntry } from '../../../core/privacy/consent.js';
import { voiceprintExpiry } from '../../../core/privacy/retention.js';
import type { Subject } from '../../../core/privacy/subject.js';
import { vouchesFromMs } from '../../../core/speaker/cooling-off.js';
import type { ServedModel } from '../../installation/models/served-model.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { Customer } from '../customers/customer.entity.js';
import type { OpenKey, Owner } from './customer-keys.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import { replaceVoiceprint } from './voiceprint-store.js';
import { Voiceprint, type StretchSource } from './voiceprint.entity.js';

interface NewVoiceprint {
  readonly owner: Owner;
  readonly source: StretchSource;
  readonly policy: Policy;
  readonly subject: Subject;
  readonly ledger: readonly ConsentEntry[];
  readonly consentId: ConsentId;
  /** The voiceprint of another model that this one is to follow. */
  readonly follows: Voiceprint | null;
  readonly model: ServedModel;
  /** Who released it, where it was held. */
  readonly by: TokenId | null;
  readonly nowMs: number;
}

/** Makes a voiceprint the customer's own, in the place of whatever there was. The caller holds the customer's lock. */
export async function putInForce(
  em: EntityManager,
  { owner, source, policy, subject, ledger, consentId, follows, model, by, nowMs }: NewVoiceprint,
  { voiceprint, netSpeechMs }: { readonly voiceprint: Float32Array; readonly netSpeechMs: number },
  key: OpenKey,
): Promise<Extract<EnrolmentOutcome, { kind: 'enrolled' }>> {
  const at = new Date(nowMs);
  // Enrolling is dealing with the customer; a clock that was set back makes it no earlier.
  const lastInteractionMs = Math.max(nowMs, subject.lastInteractionMs);
  const expiry = voiceprintExpiry({
    subject: { ...subject, lastInteractionMs },
    policy: policy.retention,
    ledger,
    nowMs,
  });
  const hadOne = follows === null && (await em.existsBy(Voiceprint, { customerId: owner.customerId }));
  // What follows an earlier model's voiceprint was verified against it: it vouches as that one did.
  const vouchesFrom = new Date(follows?.vouchesFrom ?? vouchesFromMs(policy, hadOne, nowMs));
  const voiceprintId = await replaceVoiceprint(em, owner, key, voiceprint, {
    modelId: model.id,
    modelSha256: model.sha256,
    netSpeechMs: Math.round(netSpeechMs),
    source,
    migratedFrom: follows?.voiceprintId ?? null,
    consentId,
    createdAt: at,
    vouchesFrom,
    expiresAt: new Date(expiry.atMs),
    expiryReason: expiry.reason,
    expiryDecidedBy: expiry.decidedBy,
  });
  const { customerId, tenantId } = owner;
  await em.update(Customer, { customerId }, { lastInteractionAt: new Date(lastInteractionMs) });
  await recordFact(em, tenantId, at, {
    action: 'voiceprint-enrolled',
    by,
    subject: { kind: 'customer', id: customerId },
    details: {
      voiceprintId,
      modelId: model.id,
      source,
      consentId,
      migratedFrom: follows?.voiceprintId ?? null,
      isReplacement: hadOne,
      vouchesFrom: vouchesFrom.toISOString(),
    },
  });
  return {
    kind: 'enrolled',
    voiceprintId,
    netSpeechMs,
    vouchesFrom: vouchesFrom.toISOString(),
    expiresAt: new Date(expiry.atMs).toISOString(),
  };
}
