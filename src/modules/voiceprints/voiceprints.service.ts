import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ClaimContext } from '../../core/calls/claim-context.js';
import type { Clock } from '../../core/clock.js';
import type { CustomerId, TenantId } from '../../core/ids.js';
import { consentFor } from '../../core/privacy/consent.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../engine/engine.port.js';
import { CLOCK } from '../../platform/clock.js';
import { wipe } from '../../platform/crypto/envelope.js';
import { Database } from '../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../platform/event-bus/event-bus.port.js';
import { readLedger } from '../consents/consent-ledger.js';
import { lockCustomer, unknownCustomer } from '../customers/customer-lock.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../policies/policies.service.js';
import { TenantKeys } from '../tenants/tenant-keys.service.js';
import type { Owner } from './customer-keys.js';
import { destroyBiometrics, type Destroyed } from './destruction.js';
import type { EnrolmentGate, EnrolmentOutcome, OfferedStretch } from './enrolment-outcome.js';
import { EnrolmentsService } from './enrolments.service.js';
import {
  newestVoiceprint,
  pendingEnrolment,
  toStatusView,
  type PendingEnrolmentView,
  type VoiceprintStatusView,
} from './voiceprint-status.js';
import { openVoiceprint } from './voiceprint-store.js';
import { Voiceprint } from './voiceprint.entity.js';

export interface CurrentVoiceprint {
  readonly voiceprint: VoiceprintStatusView | undefined;
  readonly pending: PendingEnrolmentView | undefined;
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
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Everything a live call needs of the customer it is claimed for. An unknown customer has given no consent. */
  async claimContext(tenantId: TenantId, customerId: CustomerId): Promise<ClaimContext> {
    const policy = await this.policies.current(tenantId);
    const tenantKey = await this.tenantKeys.tenantKey(tenantId);
    try {
      return await this.database.forTenant(tenantId, async (em) => {
        const nowMs = this.clock.nowMs();
        // Shared lock: consent, voiceprint and key are of one moment, a withdrawal comes wholly before or after it.
        await em.findOne(Customer, { where: { customerId }, lock: { mode: 'pessimistic_read' } });
        const consent = consentFor('verification', await readLedger(em, customerId), nowMs);
        switch (consent.kind) {
          case 'missing':
            return { customerId, kind: 'no-consent', reason: 'consent-missing' };
          case 'expired':
            return { customerId, kind: 'no-consent', reason: 'consent-expired' };
          case 'withdrawn':
            return { customerId, kind: 'opted-out' };
          case 'granted': {
            const neededMs = policy.enrolment.minNetSpeechMs;
            const reference = await this.#reference(em, { tenantId, customerId }, tenantKey, neededMs, nowMs);
            if (reference.kind !== 'ready') return reference;
            const consentEndsMs = consent.validUntilMs ?? Number.POSITIVE_INFINITY;
            return {
              ...reference,
              consentId: consent.consentId,
              validUntilMs: Math.min(consentEndsMs, reference.validUntilMs),
            };
          }
        }
      });
    } finally {
      wipe(tenantKey);
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

  /** Status without the vector. Throws customer-not-found. */
  async current(tenantId: TenantId, customerId: CustomerId): Promise<CurrentVoiceprint> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const nowMs = this.clock.nowMs();
      const newest = await newestVoiceprint(em, customerId);
      return {
        voiceprint: newest && toStatusView(newest, nowMs),
        pending: await pendingEnrolment(em, customerId, this.engine.model.id, nowMs),
      };
    });
  }

  /** Destroys the key, every voiceprint and every pending stretch. Undefined when there was none of them. */
  async revoke(tenantId: TenantId, customerId: CustomerId): Promise<Destroyed | undefined> {
    const destroyed = await this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      return destroyBiometrics(em, customerId, 'revoked-on-request', this.clock.nowMs());
    });
    if (destroyed.voiceprints + destroyed.stretches + destroyed.keys === 0) return undefined;
    await this.bus.publish({ kind: 'customer-changed', tenantId, customerId, change: 'voiceprint-revoked' });
    return destroyed;
  }

  /** What of the customer's voice there is to compare with; the consent is added by the caller. */
  async #reference(
    em: EntityManager,
    owner: Owner,
    tenantKey: Buffer,
    neededMs: number,
    nowMs: number,
  ): Promise<Reference> {
    const { customerId } = owner;
    const { id: modelId, sha256 } = this.engine.model;
    const active = await em.findBy(Voiceprint, { customerId, status: 'active' });
    const own = active.find((row) => row.modelId === modelId && row.modelSha256 === sha256);
    if (own !== undefined && own.expiresAt.getTime() > nowMs) {
      const voiceprint = await openVoiceprint(em, owner, own, tenantKey);
      const { voiceprintId, expiresAt } = own;
      return { customerId, kind: 'ready', validUntilMs: expiresAt.getTime(), voiceprintId, voiceprint };
    }
    const pending = await pendingEnrolment(em, customerId, modelId, nowMs);
    if (pending !== undefined)
      return { customerId, kind: 'enrolment-incomplete', netSpeechMs: pending.netSpeechMs, neededMs };
    if (own === undefined && active.length > 0)
      return { customerId, kind: 'expired', reason: 'voiceprint-of-other-model' };
    const newest = own ?? (await newestVoiceprint(em, customerId));
    return newest !== undefined && toStatusView(newest, nowMs).status === 'expired'
      ? { customerId, kind: 'expired', reason: 'voiceprint-past-retention' }
      : { customerId, kind: 'not-enrolled' };
  }
}

type Reference =
  Exclude<ClaimContext, { kind: 'ready' }> | Omit<Extract<ClaimContext, { kind: 'ready' }>, 'consentId'>;
