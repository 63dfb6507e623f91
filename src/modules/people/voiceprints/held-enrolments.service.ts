import { Inject, Injectable } from '@nestjs/common';
import { MoreThan, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, TokenId } from '../../../core/ids.js';
import { gateFor, type GateDecision } from '../../../core/privacy/gate.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { isOfModel } from '../../installation/models/served-model.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { readLedger } from '../consents/consent-ledger.js';
import { lockCustomer } from '../customers/customer-lock.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { forgetKey, liveKey } from './customer-keys.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import { HeldEnrolment } from './held-enrolment.entity.js';
import { openHeld } from './held-store.js';
import { putInForce } from './put-in-force.js';
import { REPLACEMENT_BLOCKS, type ReplacementBlocks } from './replacement-blocks.port.js';

interface Named {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
  readonly heldId: string;
}

export type ReleaseOutcome =
  | Extract<EnrolmentOutcome, { kind: 'enrolled' }>
  | { readonly kind: 'not-held' }
  /** Whoever offered the enrolment cannot be the one who releases it. */
  | { readonly kind: 'same-person' }
  | { readonly kind: 'of-earlier-model' }
  | { readonly kind: 'blocked'; readonly by: 'call-under-way' | 'flag-open' }
  | { readonly kind: 'no-consent'; readonly gate: Extract<GateDecision, { kind: 'closed' }> };

/** Enrolments that wait for a second person: whoever decides has not made them. */
@Injectable()
export class HeldEnrolments {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(REPLACEMENT_BLOCKS) private readonly blocks: ReplacementBlocks,
  ) {}

  /** Oldest first; of one customer where one is named. */
  async list(
    tenantId: TenantId,
    customerId: CustomerId | undefined,
    limit: number,
  ): Promise<HeldEnrolment[]> {
    const expiresAt = MoreThan(new Date(this.clock.nowMs()));
    return this.database.forTenant(tenantId, (em) =>
      em.find(HeldEnrolment, {
        where: { tenantId, expiresAt, ...(customerId !== undefined && { customerId }) },
        order: { createdAt: 'ASC', heldId: 'ASC' },
        take: limit,
      }),
    );
  }

  /** Puts it in force, where it vouches for nobody until its cooling-off is over. Throws customer-not-found. */
  async release(named: Named, by: TokenId): Promise<ReleaseOutcome> {
    const ring = await this.tenantKeys.ring(named.tenantId);
    try {
      return await this.database.forTenant(named.tenantId, (em) => this.releaseWithin(em, named, by, ring));
    } finally {
      ring.wipe();
    }
  }

  /** False: there was nothing to discard. Throws customer-not-found. */
  async discard({ tenantId, customerId, heldId }: Named, by: TokenId): Promise<boolean> {
    return this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      const { affected } = await em.delete(HeldEnrolment, { customerId, heldId });
      if (affected !== 1) return false;
      await recordFact(em, tenantId, new Date(this.clock.nowMs()), {
        action: 'held-enrolment-discarded',
        by,
        subject: { kind: 'customer', id: customerId },
        details: { heldId },
      });
      return true;
    });
  }

  private async releaseWithin(
    em: EntityManager,
    { tenantId, customerId, heldId }: Named,
    by: TokenId,
    ring: KeyRing,
  ): Promise<ReleaseOutcome> {
    const owner = { tenantId, customerId };
    const policy = await this.policies.current(tenantId);
    const customer = await lockCustomer(em, customerId);
    const nowMs = this.clock.nowMs();
    const expiresAt = MoreThan(new Date(nowMs));
    const held = await em.findOneBy(HeldEnrolment, { customerId, heldId, expiresAt });
    if (held === null) return { kind: 'not-held' };
    if (held.offeredBy === by) return { kind: 'same-person' };
    const { model } = this.engine;
    if (!isOfModel(held, model)) return { kind: 'of-earlier-model' };
    const block = await this.blocks.blockNow(em, owner);
    if (block !== null) return { kind: 'blocked', by: block };
    const ledger = await readLedger(em, customerId);
    const subject = subjectOfCustomer(customer, policy);
    const gate = gateFor('enrolment', ledger, subject, nowMs);
    if (gate.kind === 'closed') return { kind: 'no-consent', gate };
    const { source, netSpeechMs } = held;
    const anew = {
      owner,
      source,
      policy,
      subject,
      ledger,
      consentId: gate.consentId,
      follows: null,
      model,
      by,
      nowMs,
    };
    const key = await liveKey(em, owner, ring);
    if (key === undefined) throw new Error('a held enrolment has lost its key');
    try {
      const voiceprint = openHeld(held, owner, key);
      try {
        await em.delete(HeldEnrolment, { heldId });
        return await putInForce(em, anew, { voiceprint, netSpeechMs }, key);
      } finally {
        voiceprint.fill(0);
      }
    } finally {
      forgetKey(key);
    }
  }
}
