import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CallRisk, CallToAssess } from '../../../core/calls/call-risk.port.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { assessRisk, mayRaiseFlag } from '../../../core/risk/assess-risk.js';
import { endingsIn } from '../../../core/risk/destroyed-measurements.js';
import { severities, type Severity } from '../../../core/risk/risk-reason.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { readCallEvidence } from './call-evidence.js';
import { flagOf, grow, raise } from './flag-growth.js';
import { FlagMetrics } from './flag-metrics.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';
import { Flag } from './flag.entity.js';

export interface FlagOutcome {
  readonly flag: FlagSummary | undefined;
  /** Severity that a new flag was raised with. */
  readonly raised: Severity | undefined;
  readonly changed: boolean;
}

const noFlag: FlagOutcome = { flag: undefined, raised: undefined, changed: false };

/** Keeps one flag per call and customer, growing with the evidence (docs/decisions.md). */
@Injectable()
export class FlagsService implements CallRisk {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly metrics: FlagMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Raises or grows the call's flag where there is reason to; the same input again changes nothing. The call's row must be stored. */
  async assessCall(tenantId: TenantId, call: CallToAssess): Promise<FlagSummary | undefined> {
    const policy = await this.policies.current(tenantId);
    const outcome = await this.database.forTenant(tenantId, (em) =>
      this.assessWithin(em, tenantId, call, policy),
    );
    this.count(outcome);
    return outcome.flag;
  }

  /** For a caller with a transaction of its own, who counts the outcome once it is committed. */
  async assessWithin(
    em: EntityManager,
    tenantId: TenantId,
    call: CallToAssess,
    policy: Policy,
  ): Promise<FlagOutcome> {
    const { callId, customerId } = call;
    // Assessments of one call take turns: each sees the account events and the flag of the one before.
    await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre flags ${callId}`]);
    const of = { tenantId, callId, customerId, now: new Date(this.clock.nowMs()) };
    const measured = await holdCustomer(em, call);
    const { flag, named } = await flagOf(em, of);
    // Most results of most calls end here, before anything is counted.
    if (flag === null && !mayRaiseFlag(call, policy)) return noFlag;
    const endings =
      measured === null ? {} : endingsIn(await readLedger(em, measured), call.verification.consentId);
    const { failedKnowledgeChecks, signals } = await readCallEvidence(em, of, policy);
    const assessment = assessRisk(
      { ...call, failedKnowledgeChecks, signals: { ...signals, ...call.signals } },
      policy,
    );
    if (flag !== null) {
      const grew = await grow(em, flag, assessment, policy, endings, of.now);
      return { flag: summaryOf(flag), raised: undefined, changed: grew || named };
    }
    if (!assessment.raisesFlag) return noFlag;
    const raised = await raise(em, of, assessment, endings);
    return { flag: summaryOf(raised), raised: raised.severity, changed: true };
  }

  /** Once it is committed. */
  count({ raised }: FlagOutcome): void {
    if (raised !== undefined) this.metrics.raised(raised);
  }

  /** The call's flags, gravest first; more than one only when the call was claimed for several customers. */
  async forCall(tenantId: TenantId, callId: CallId): Promise<FlagSummary[]> {
    const flags = await this.database.forTenant(tenantId, (em) =>
      em.find(Flag, { where: { tenantId, callId }, order: { createdAt: 'ASC' } }),
    );
    return flags
      .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
      .map(summaryOf);
  }
}

/**
 * Whose voice was measured, if one was: held, so that their withdrawal comes wholly before this, and is read in the ledger, or
 * wholly after, and then finds the flag. Before any flag is locked, in the order of an erasure.
 */
async function holdCustomer(em: EntityManager, call: CallToAssess): Promise<CustomerId | null> {
  const { customerId, verification, watchlistMatch } = call;
  const measured =
    verification.llr !== null || Boolean(verification.callerChange) || watchlistMatch !== undefined;
  if (customerId === null || !measured) return null;
  await em.findOne(Customer, { where: { customerId }, lock: { mode: 'pessimistic_read' } });
  return customerId;
}
