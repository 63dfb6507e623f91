import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CallId, CustomerId, FlagId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { RiskAssessment } from '../../../core/risk/assess-risk.js';
import { stateAfterNewEvidence } from '../../../core/risk/flag-states.js';
import { endingFor, withoutMeasurements, type Endings } from '../../../core/risk/destroyed-measurements.js';
import { mergeReasons } from '../../../core/risk/merge-reasons.js';
import { severities, type Severity } from '../../../core/risk/risk-reason.js';
import { weighReasons } from '../../../core/risk/weigh-reasons.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { flagEvent } from './flag-audit.js';
import { FlagChange, type FlagChangeRecord } from './flag-change.entity.js';
import { Flag } from './flag.entity.js';

interface OfCall {
  readonly tenantId: TenantId;
  readonly callId: CallId;
  readonly customerId: CustomerId | null;
  readonly now: Date;
}

/** The call's flag for this customer, locked for this transaction; one raised before anybody was named becomes the named customer's. */
export async function flagOf(
  em: EntityManager,
  call: OfCall,
): Promise<{ flag: Flag | null; named: boolean }> {
  const { tenantId, callId, customerId, now } = call;
  const onCall = await em.find(Flag, { where: { tenantId, callId }, lock: { mode: 'pessimistic_write' } });
  const own = onCall.find((flag) => flag.customerId === customerId);
  if (own !== undefined || customerId === null) return { flag: own ?? null, named: false };
  const nobodys = onCall.find((flag) => flag.customerId === null);
  if (nobodys === undefined) return { flag: null, named: false };
  nobodys.customerId = customerId;
  await saveChanged(em, nobodys, now, { kind: 'customer-named', customerId });
  return { flag: nobodys, named: true };
}

/** `endings`: said no to since it was measured. The severity stands as weighed, what it was weighed from is not written. */
export async function raise(
  em: EntityManager,
  call: OfCall,
  assessment: RiskAssessment,
  endings: Endings,
): Promise<Flag> {
  const { tenantId, callId, customerId, now } = call;
  const { severity, policyVersion } = assessment;
  const { reasons } = withoutMeasurements(assessment.reasons, endings);
  const flag = em.create(Flag, {
    flagId: randomUUID() as FlagId,
    tenantId,
    callId,
    customerId,
    severity,
    state: 'open',
    reasons,
    policyVersion,
    assignee: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  });
  await em.insert(Flag, flag);
  await appendChange(em, flag, now, {
    kind: 'raised',
    severity,
    reasons: reasons.map(({ code }) => code),
    policyVersion,
  });
  return flag;
}

/** False when the assessment adds nothing: the same evidence again leaves no trace. `endings` as in raise. */
export async function grow(
  em: EntityManager,
  flag: Flag,
  assessment: RiskAssessment,
  policy: Policy,
  endings: Endings,
  now: Date,
): Promise<boolean> {
  // What the flag says of the voice already is not added to after a no: the reader of it destroys that (flag-forgetting.ts).
  const known = new Set(flag.reasons.map(({ code }) => code));
  const fresh = assessment.reasons.filter(
    ({ code }) => !known.has(code) || endingFor(code, endings) === undefined,
  );
  const merged = mergeReasons(flag.reasons, fresh, policy.risk);
  const { added, strengthened, newEvidence } = merged;
  if (added.length + strengthened.length === 0) return false;
  const severity = higher(flag.severity, weighReasons(merged.reasons, policy).severity);
  const { reasons } = withoutMeasurements(merged.reasons, endings, added);
  const state = newEvidence ? stateAfterNewEvidence[flag.state] : flag.state;
  const change: FlagChangeRecord = {
    kind: 'grew',
    added,
    strengthened,
    ...(severity !== flag.severity && { severity: { from: flag.severity, to: severity } }),
    ...(state !== flag.state && { state: { from: flag.state, to: state } }),
    policyVersion: policy.version,
  };
  Object.assign(flag, { reasons, severity, state, policyVersion: policy.version });
  await saveChanged(em, flag, now, change);
  return true;
}

/** Destroys what the flag's reasons measured for purposes that were said no to; false when there was nothing. Everything else stays. */
export async function destroyMeasurements(
  em: EntityManager,
  flag: Flag,
  endings: Endings,
  now: Date,
): Promise<boolean> {
  const { reasons, destroyed } = withoutMeasurements(flag.reasons, endings);
  const [first] = destroyed;
  const because = first && endingFor(first, endings)?.because;
  if (because === undefined) return false;
  flag.reasons = reasons;
  await saveChanged(em, flag, now, { kind: 'measurements-destroyed', reasons: destroyed, because });
  return true;
}

async function saveChanged(
  em: EntityManager,
  flag: Flag,
  now: Date,
  change: FlagChangeRecord,
): Promise<void> {
  flag.updatedAt = now;
  flag.version += 1;
  await em.save(Flag, flag);
  await appendChange(em, flag, now, change);
}

async function appendChange(
  em: EntityManager,
  flag: Flag,
  at: Date,
  change: FlagChangeRecord,
): Promise<void> {
  await em.insert(FlagChange, { tenantId: flag.tenantId, flagId: flag.flagId, at, changedBy: null, change });
  await recordFact(em, flag.tenantId, at, flagEvent(flag, change, null));
}

/** Severity never falls by itself: only a person calms a flag, with a verdict. */
const higher = (a: Severity, b: Severity): Severity =>
  severities.indexOf(b) > severities.indexOf(a) ? b : a;
