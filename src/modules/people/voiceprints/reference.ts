import type { EntityManager } from 'typeorm';
import type { ClaimContext, MigrationOffer } from '../../../core/calls/claim-context.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { ConsentEntry } from '../../../core/privacy/consent.js';
import { gateFor } from '../../../core/privacy/gate.js';
import { voiceprintExpiry, type Expiry } from '../../../core/privacy/retention.js';
import type { Subject } from '../../../core/privacy/subject.js';
import { acceptanceInForce } from '../../installation/accuracy/acceptance-in-force.js';
import { ownMeanVoice } from '../../installation/mean-voices/mean-voice-in-force.js';
import { isOfModel, type ServedModel } from '../../installation/models/served-model.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import type { Owner } from './customer-keys.js';
import { erasuresOf } from './destruction.js';
import { newestVoiceprint, pendingEnrolment, toStatusView } from './voiceprint-status.js';
import { openVoiceprint } from './voiceprint-store.js';
import { Voiceprint } from './voiceprint.entity.js';

type Ready = Extract<ClaimContext, { kind: 'ready' }>;
type Reference = Exclude<ClaimContext, { kind: 'ready' }> | Omit<Ready, 'consentId'>;

interface Asked {
  readonly owner: Owner;
  readonly ledger: readonly ConsentEntry[];
  readonly subject: Subject;
  readonly policy: Policy;
  readonly ring: KeyRing;
  readonly nowMs: number;
}

/** What of the customer's voice there is to compare with, of the models that are served; the consent to compare is the caller's to add. */
export async function referenceOf(
  em: EntityManager,
  asked: Asked,
  [current, ...previous]: readonly [ServedModel, ...ServedModel[]],
): Promise<Reference> {
  const { owner, ring, nowMs } = asked;
  const { customerId } = owner;
  const active = await em.findBy(Voiceprint, { customerId, status: 'active' });
  const limit = limitNow(asked);
  const inDate = active.filter(
    (row) => row.restrictedAt === null && row.expiresAt.getTime() > nowMs && limit.atMs > nowMs,
  );
  const usable = [current, ...previous]
    .map((model) => inDate.find((row) => isOfModel(row, model)))
    .find((row) => row !== undefined);
  if (usable !== undefined && usable.vouchesFrom.getTime() > nowMs)
    return { customerId, kind: 'cooling-off', vouchesFromMs: usable.vouchesFrom.getTime() };
  if (usable !== undefined) {
    const migration = isOfModel(usable, current) ? undefined : await migrationOf(em, asked, current.id);
    const { voiceprintId, modelId, modelSha256, expiresAt, netSpeechMs } = usable;
    const own = await ownMeanVoice(em, modelSha256);
    const acceptance = await acceptanceInForce(em, modelSha256, own?.meanVoiceVersion);
    return {
      customerId,
      kind: 'ready',
      validUntilMs: Math.min(expiresAt.getTime(), limit.atMs),
      voiceprintId,
      modelId,
      voiceprint: await openVoiceprint(em, owner, usable, ring),
      netSpeechMs,
      ...own,
      ...(acceptance && { acceptance }),
      ...(migration && { migration }),
    };
  }
  const pending = await pendingEnrolment(em, customerId, current.id, nowMs);
  if (pending !== undefined)
    return {
      customerId,
      kind: 'enrolment-incomplete',
      netSpeechMs: pending.netSpeechMs,
      neededMs: neededMsOf(asked),
    };
  const served = [current, ...previous];
  if (inDate.length > 0) return { customerId, kind: 'expired', reason: 'voiceprint-of-other-model' };
  const newest = active[0] ?? (await newestVoiceprint(em, customerId));
  if (newest === undefined || toStatusView(newest, served, nowMs).status !== 'expired')
    return { customerId, kind: 'not-enrolled' };
  if (newest.status === 'active' && limit.atMs <= nowMs)
    return {
      customerId,
      kind: 'expired',
      reason: 'voiceprint-past-retention',
      decidedBy: limit.decidedBy,
    };
  const isRetired = (newest.endedReason ?? newest.expiryReason) === 'model-retired';
  const reason = isRetired ? 'voiceprint-of-other-model' : 'voiceprint-past-retention';
  const ruled = newest.expiryDecidedBy !== null && !isRetired && { decidedBy: newest.expiryDecidedBy };
  return { customerId, kind: 'expired', reason, ...ruled };
}

/** What laws and policy say now: a stricter one counts before the sweeper has given the rows their new date. */
function limitNow({ subject, policy, ledger, nowMs }: Asked): Expiry {
  return voiceprintExpiry({ subject, policy: policy.retention, ledger, nowMs });
}

/** Net speech of an enrolment. */
function neededMsOf({ policy }: Asked): number {
  return policy.enrolment.minNetSpeechMs;
}

/** Undefined without consent to make a voiceprint: the customer then goes on being verified with the earlier model. */
async function migrationOf(
  em: EntityManager,
  asked: Asked,
  toModelId: string,
): Promise<MigrationOffer | undefined> {
  const { ledger, subject, nowMs } = asked;
  const gate = gateFor('enrolment', ledger, subject, nowMs);
  if (gate.kind === 'closed') return undefined;
  const { customerId } = asked.owner;
  const pending = await pendingEnrolment(em, customerId, toModelId, nowMs);
  return {
    toModelId,
    // What is pending may suffice under a policy since relaxed: a last piece of speech then completes it.
    neededMs: Math.max(1, neededMsOf(asked) - (pending?.netSpeechMs ?? 0)),
    ticket: { consentId: gate.consentId, erasures: await erasuresOf(em, customerId) },
  };
}
