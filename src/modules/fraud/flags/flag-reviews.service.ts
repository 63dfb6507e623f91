import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { FlagId } from '../../../core/ids.js';
import {
  isVerdict,
  reviewFlag,
  type FlagReview,
  type FlagState,
  type ReviewOutcome,
} from '../../../core/risk/flag-states.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { flagEvent } from './flag-audit.js';
import { FlagChange, type FlagChangeRecord } from './flag-change.entity.js';
import { FlagMetrics } from './flag-metrics.js';
import { Flag } from './flag.entity.js';
import { fraudStaff } from './fraud-staff.js';

export type ReviewAnswer =
  | { readonly kind: 'done'; readonly flag: Flag }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stale'; readonly version: number }
  | { readonly kind: 'unknown-assignee' }
  | {
      readonly kind: 'refused';
      readonly state: FlagState;
      readonly outcome: Exclude<ReviewOutcome, { kind: 'changed' }>;
    };

/** What people do with a flag. */
@Injectable()
export class FlagReviews {
  constructor(
    private readonly database: Database,
    private readonly metrics: FlagMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async review(
    by: Principal,
    flagId: FlagId,
    seenVersion: number,
    review: FlagReview,
  ): Promise<ReviewAnswer> {
    const answer = await this.database.forTenant(by.tenantId, (em) =>
      this.reviewWithin(em, by, flagId, seenVersion, review),
    );
    if (answer.kind === 'done' && review.state !== undefined && isVerdict(review.state))
      this.metrics.decided(review.state);
    return answer;
  }

  private async reviewWithin(
    em: EntityManager,
    { tenantId, tokenId }: Principal,
    flagId: FlagId,
    seenVersion: number,
    review: FlagReview,
  ): Promise<ReviewAnswer> {
    const flag = await em.findOne(Flag, { where: { tenantId, flagId }, lock: { mode: 'pessimistic_write' } });
    if (flag === null) return { kind: 'unknown' };
    if (flag.version !== seenVersion) return { kind: 'stale', version: flag.version };
    const at = new Date(this.clock.nowMs());
    if (review.assignee !== undefined) {
      const staff = await fraudStaff(em, tenantId, at);
      if (!staff.some(({ name }) => name === review.assignee)) return { kind: 'unknown-assignee' };
    }
    const outcome = reviewFlag(flag, review);
    if (outcome.kind !== 'changed') return { kind: 'refused', state: flag.state, outcome };

    const { state, assignee } = outcome;
    const change: FlagChangeRecord = {
      kind: 'reviewed',
      ...(state !== flag.state && { state: { from: flag.state, to: state } }),
      ...(assignee !== flag.assignee && { assignee: { from: flag.assignee, to: assignee } }),
      ...(review.note !== undefined && { note: review.note }),
    };
    Object.assign(flag, { state, assignee, updatedAt: at, version: flag.version + 1 });
    await em.save(Flag, flag);
    await em.insert(FlagChange, { tenantId, flagId, at, changedBy: tokenId, change });
    await recordFact(em, tenantId, at, flagEvent(flag, change, tokenId));
    return { kind: 'done', flag };
  }
}
