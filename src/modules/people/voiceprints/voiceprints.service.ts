import { Inject, Injectable } from '@nestjs/common';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, TokenId, VoiceprintId } from '../../../core/ids.js';
import { gateFor } from '../../../core/privacy/gate.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { destroyedDetails, recordFact } from '../../installation/facts/record-fact.js';
import { readLedger } from '../consents/consent-ledger.js';
import { lockCustomer, unknownCustomer } from '../customers/customer-lock.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { destroyBiometrics, type Destroyed } from './destruction.js';
import type {
  EnrolmentGate,
  EnrolmentOutcome,
  MigrationOutcome,
  OfferedStretch,
} from './enrolment-outcome.js';
import { EnrolmentsService } from './enrolments.service.js';
import { referenceOf } from './reference.js';
import {
  heldEnrolments,
  newestVoiceprint,
  pendingEnrolment,
  toStatusView,
  type HeldEnrolmentView,
  type PendingEnrolmentView,
  type VoiceprintStatusView,
} from './voiceprint-status.js';

export interface CurrentVoiceprint {
  readonly voiceprint: VoiceprintStatusView | undefined;
  readonly pending: PendingEnrolmentView | undefined;
  readonly held: readonly HeldEnrolmentView[];
}

/** What a call may know and use of a customer's voice. */
@Injectable()
export class VoiceprintsService {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    private readonly policies: PoliciesService,
    private readonly enrolments: EnrolmentsService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Everything a live call needs of the customer it is claimed for. An unknown customer has given no consent. */
  async claimContext(tenantId: TenantId, customerId: CustomerId): Promise<ClaimContext> {
    const policy = await this.policies.current(tenantId);
    const ring = await this.tenantKeys.ring(tenantId);
    try {
      return await this.database.forTenant(tenantId, async (em) => {
        const nowMs = this.clock.nowMs();
        // Shared lock: consent, voiceprint and key are of one moment, a withdrawal comes wholly before or after it.
        const lock = { mode: 'pessimistic_read' } as const;
        const customer = await em.findOne(Customer, { where: { customerId }, lock });
        // The ledger outlives who was erased: their consents are proof of the past, and let nothing be processed.
        if (customer === null) return { customerId, kind: 'no-consent', reason: 'consent-missing' };
        const subject = subjectOfCustomer(customer, policy);
        const ledger = await readLedger(em, customerId);
        const gate = gateFor('verification', ledger, subject, nowMs);
        const { decidedBy } = gate;
        if (gate.kind === 'closed') {
          return gate.reason === 'consent-withdrawn' || gate.reason === 'objected'
            ? { customerId, decidedBy, kind: 'opted-out', reason: gate.reason }
            : { customerId, decidedBy, kind: 'no-consent', reason: gate.reason };
        }
        const asked = { owner: { tenantId, customerId }, subject, policy, ledger, ring, nowMs };
        const reference = await referenceOf(em, asked, this.engine.models);
        if (reference.kind !== 'ready') return reference;
        const consentEndsMs = gate.validUntilMs ?? Number.POSITIVE_INFINITY;
        return {
          ...reference,
          decidedBy,
          consentId: gate.consentId,
          validUntilMs: Math.min(consentEndsMs, reference.validUntilMs),
        };
      });
    } finally {
      ring.wipe();
    }
  }

  /** Asked before any decoding of enrolment speech, and again before anything of it is stored. */
  enrolmentGate(tenantId: TenantId, customerId: CustomerId): Promise<EnrolmentGate> {
    return this.enrolments.gate(tenantId, customerId);
  }

  /** Offers speech towards the enrolment. The caller wipes what it offered. Throws customer-not-found. */
  addStretch(tenantId: TenantId, customerId: CustomerId, stretch: OfferedStretch): Promise<EnrolmentOutcome> {
    return this.enrolments.add(tenantId, customerId, stretch);
  }

  /** Begins an unfinished enrolment anew. Throws customer-not-found. */
  forgetPending(tenantId: TenantId, customerId: CustomerId): Promise<boolean> {
    return this.enrolments.forgetPending(tenantId, customerId);
  }

  /** As addStretch, for speech of a call that was verified against a voiceprint of an earlier model, which the new one follows. */
  migrate(
    tenantId: TenantId,
    customerId: CustomerId,
    stretch: OfferedStretch,
    from: VoiceprintId,
  ): Promise<MigrationOutcome> {
    return this.enrolments.migrate(tenantId, customerId, stretch, from);
  }

  /** Status without the vector. Throws customer-not-found. */
  async current(tenantId: TenantId, customerId: CustomerId): Promise<CurrentVoiceprint> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const nowMs = this.clock.nowMs();
      const newest = await newestVoiceprint(em, customerId);
      return {
        voiceprint: newest && toStatusView(newest, this.engine.models, nowMs),
        pending: await pendingEnrolment(em, customerId, this.engine.model.id, nowMs),
        held: await heldEnrolments(em, customerId, nowMs),
      };
    });
  }

  /** Destroys the key, every voiceprint and every pending stretch. Undefined when there was none of them. */
  async revoke(
    tenantId: TenantId,
    customerId: CustomerId,
    by: TokenId | null = null,
  ): Promise<Destroyed | undefined> {
    return this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      const ended = await destroyBiometrics(em, customerId, 'revoked-on-request', nowMs);
      if (ended.voiceprints + ended.stretches + ended.keys === 0) return undefined;
      await recordFact(em, tenantId, new Date(nowMs), {
        action: 'voiceprint-revoked',
        by,
        subject: { kind: 'customer', id: customerId },
        details: destroyedDetails(ended),
      });
      return ended;
    });
  }
}
