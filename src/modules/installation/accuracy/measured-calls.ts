import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import { acceptLlrs, measuredBounds, type AcceptLlrs } from '../../../core/speaker/acceptance.js';
import { isEnough, noCounts, withCall, type MeasuredCall } from '../../../core/speaker/own-callers.js';
import { thresholdsOf } from '../../../core/speaker/thresholds.js';
import { recordFact } from '../facts/record-fact.js';
import { AcceptanceBound } from './acceptance-bound.entity.js';
import { newestBounds } from './acceptance-in-force.js';
import { OwnCallerCount } from './own-caller-count.entity.js';

/** Under which comparisons are counted: other models and mean voices give other llr. */
export interface MeasuredUnder {
  readonly tenantId: TenantId;
  readonly modelId: string;
  readonly modelSha256: string;
  /** 0: the model's own. */
  readonly meanVoiceVersion: number;
}

/** Thresholds are weighed again once there are so many times as many pairs as before: each time may move them. */
const weighedAgainAt = 1.25;

/**
 * Adds a call's counts and, when it is time, moves the thresholds. `countsAnew` says, and remembers, whether the caller's voiceprint
 * has not counted in this measurement yet. Late in its transaction: the tenant's chain of facts is locked until it commits.
 */
export async function addMeasuredCall(
  em: EntityManager,
  under: MeasuredUnder,
  call: Omit<MeasuredCall, 'isNewCaller'>,
  countsAnew: (measurementId: string) => Promise<boolean>,
  now: Date,
): Promise<void> {
  const { tenantId, modelId, modelSha256, meanVoiceVersion } = under;
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre own callers ${tenantId}`]);
  const kept = await em.findOneBy(OwnCallerCount, { tenantId, modelSha256, meanVoiceVersion });
  const measurementId = kept?.measurementId ?? randomUUID();
  const isNewCaller = await countsAnew(measurementId);
  const counts = withCall(kept ?? noCounts, { ...call, isNewCaller });
  const isDue = isEnough(counts) && counts.pairs >= weighedAgainAt * (kept?.weighedPairs ?? 0);
  await em.save(OwnCallerCount, {
    tenantId,
    modelId,
    modelSha256,
    meanVoiceVersion,
    measurementId,
    calls: counts.calls,
    callers: counts.callers,
    pairs: counts.pairs,
    pairsSquared: counts.pairsSquared,
    above: [...counts.above],
    aboveSquared: [...counts.aboveSquared],
    aboveByPairs: [...counts.aboveByPairs],
    own: counts.own,
    ownAbove: [...counts.ownAbove],
    weighedPairs: isDue ? counts.pairs : (kept?.weighedPairs ?? 0),
    since: kept?.since ?? now,
    updatedAt: now,
  });
  await recordFact(em, tenantId, now, {
    action: 'own-callers-measured',
    by: null,
    subject: { kind: 'accuracy', id: measurementId },
    details: { pairs: call.strangerLlrs.length, own: call.ownLlr === null ? 0 : 1 },
  });
  if (!isDue) return;
  const { callers, pairs } = counts;
  await moveBounds(
    em,
    under,
    { measurementId, callers, pairs },
    measuredBounds(counts, safeLlrs(modelId)),
    now,
  );
}

/** Of the operating points as shipped: no tenant's callers make them laxer. */
export function safeLlrs(modelId: string): AcceptLlrs {
  return acceptLlrs((point) => thresholdsOf(defaultPolicy, modelId, point).acceptLlr);
}

async function moveBounds(
  em: EntityManager,
  { tenantId, modelId, modelSha256, meanVoiceVersion }: MeasuredUnder,
  { measurementId, callers, pairs }: { measurementId: string; callers: number; pairs: number },
  next: AcceptLlrs,
  now: Date,
): Promise<void> {
  const before = await newestBounds(em, modelSha256, meanVoiceVersion);
  if (before && wordsOf(before).join() === wordsOf(next).join()) return;
  const version = ((await em.maximum(AcceptanceBound, 'version', { tenantId })) ?? 0) + 1;
  await em.insert(AcceptanceBound, {
    tenantId,
    version,
    modelId,
    modelSha256,
    meanVoiceVersion,
    ...next,
    callers,
    pairs,
    createdAt: now,
  });
  await recordFact(em, tenantId, now, {
    action: 'acceptance-bounds-changed',
    by: null,
    subject: { kind: 'accuracy', id: measurementId },
    details: {
      version,
      modelId,
      callers,
      pairs,
      before: wordsOf(before ?? safeLlrs(modelId)),
      after: wordsOf(next),
    },
  });
}

function wordsOf({ convenience, standard, strict }: AcceptLlrs): string[] {
  return Object.entries({ convenience, standard, strict }).map(
    ([point, llr]: [string, number]) => `${point} ${llr.toFixed(2)}`,
  );
}
