import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { ConsentId, CustomerId, TenantId, VoiceprintId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { ConsentEntry } from '../../../core/privacy/consent.js';
import { gateFor } from '../../../core/privacy/gate.js';
import type { Subject } from '../../../core/privacy/subject.js';
import {
  assessEnrolment,
  type EnrolmentAssessment,
  type EnrolmentStretch,
} from '../../../core/speaker/enrolment.js';
import { withoutRepeated } from '../../../core/speaker/repeated-stretch.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { readLedger } from '../consents/consent-ledger.js';
import { lockCustomerIfThere, unknownCustomer } from '../customers/customer-lock.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { forgetKey, liveKey, newKey, type OpenKey } from './customer-keys.js';
import { erasuresOf } from './destruction.js';
import { consentOf, gateNow, type OpenGate } from './enrolment-consent.js';
import { EnrolmentMetrics } from './enrolment-metrics.js';
import type {
  EnrolmentGate,
  EnrolmentOutcome,
  MigrationOutcome,
  OfferedStretch,
} from './enrolment-outcome.js';
import { hold } from './held-store.js';
import { deletePending, readPending, storePending, waitsUntil, wipeStretches } from './pending-stretches.js';
import { putInForce } from './put-in-force.js';
import { REPLACEMENT_BLOCKS, type ReplacementBlocks } from './replacement-blocks.port.js';
import { pendingEnrolment } from './voiceprint-status.js';
import { keptInForce, type KeptInForce } from './voice-in-force.js';
import { Voiceprint } from './voiceprint.entity.js';

type Complete = Extract<EnrolmentAssessment, { kind: 'complete' }>;

interface Enrolment {
  readonly owner: { readonly tenantId: TenantId; readonly customerId: CustomerId };
  readonly stretch: OfferedStretch;
  readonly policy: Policy;
  readonly subject: Subject;
  readonly ledger: readonly ConsentEntry[];
  readonly gate: OpenGate;
  readonly consentId: ConsentId;
  /** The voiceprint of another model that this one is to follow. */
  readonly follows: Voiceprint | null;
  readonly nowMs: number;
}

/** Gathers stretches of speech into a voiceprint; refused speech leaves everything as it was. */
@Injectable()
export class EnrolmentsService {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: EnrolmentMetrics,
    @Inject(REPLACEMENT_BLOCKS) private readonly blocks: ReplacementBlocks,
  ) {}

  /** Throws customer-not-found. */
  async gate(tenantId: TenantId, customerId: CustomerId): Promise<EnrolmentGate> {
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      // Shared lock: consent and erasures are of one moment.
      const customer = await em.findOne(Customer, {
        where: { customerId },
        lock: { mode: 'pessimistic_read' },
      });
      if (customer === null) unknownCustomer();
      const ledger = await readLedger(em, customerId);
      const gate = gateFor('enrolment', ledger, subjectOfCustomer(customer, policy), this.clock.nowMs());
      if (gate.kind === 'closed') return gate;
      return { ...gate, ticket: { consentId: gate.consentId, erasures: await erasuresOf(em, customerId) } };
    });
  }

  /** Judges the speech with all that was gathered before, under the customer's lock. The caller wipes what it offered. */
  async add(tenantId: TenantId, customerId: CustomerId, stretch: OfferedStretch): Promise<EnrolmentOutcome> {
    return this.store<never>(tenantId, customerId, stretch, () => Promise.resolve(null));
  }

  /** The same for speech of a call that was verified against a voiceprint of another model, which the new one follows. */
  async migrate(
    tenantId: TenantId,
    customerId: CustomerId,
    stretch: OfferedStretch,
    voiceprintId: VoiceprintId,
  ): Promise<MigrationOutcome> {
    const outcome = await this.store(tenantId, customerId, stretch, async (em, nowMs) => {
      const row = await em.findOneBy(Voiceprint, { customerId, voiceprintId, status: 'active' });
      const stands = row !== null && row.expiresAt.getTime() > nowMs && row.modelId !== this.engine.model.id;
      return stands ? row : { kind: 'superseded' as const };
    });
    this.metrics.migrated(outcome, this.engine.model.id);
    return outcome;
  }

  /** What was gathered towards an enrolment and waits for the rest is destroyed; a voiceprint stays. False: nothing waited. */
  async forgetPending(tenantId: TenantId, customerId: CustomerId): Promise<boolean> {
    return this.database.forTenant(tenantId, async (em) => {
      if ((await lockCustomerIfThere(em, customerId)) === null) unknownCustomer();
      return deletePending(em, customerId, this.engine.model.id);
    });
  }

  private async store<T extends { readonly kind: 'superseded' }>(
    tenantId: TenantId,
    customerId: CustomerId,
    stretch: OfferedStretch,
    follow: (em: EntityManager, nowMs: number) => Promise<Voiceprint | null | T>,
  ): Promise<EnrolmentOutcome | T> {
    const policy = await this.policies.current(tenantId);
    const ring = await this.tenantKeys.ring(tenantId);
    const owner = { tenantId, customerId };
    try {
      const outcome = await this.database.forTenant(tenantId, async (em): Promise<EnrolmentOutcome | T> => {
        const customer = await lockCustomerIfThere(em, customerId);
        if (customer === null && stretch.ticket !== undefined) return { kind: 'erased' };
        if (customer === null) unknownCustomer();
        const nowMs = this.clock.nowMs();
        const ledger = await readLedger(em, customerId);
        // Asked under the lock: what was withdrawn while the speech was analysed is not stored.
        const subject = subjectOfCustomer(customer, policy);
        const gate = gateNow(stretch, ledger, subject, nowMs);
        if (gate.kind === 'closed')
          return { kind: 'no-consent', reason: gate.reason, decidedBy: gate.decidedBy };
        if (stretch.ticket && stretch.ticket.erasures !== (await erasuresOf(em, customerId)))
          return { kind: 'erased' };
        const follows = await follow(em, nowMs);
        if (follows !== null && 'kind' in follows) return follows;
        const consentId = consentOf(follows, gate, ledger, nowMs);
        const enrolment = { owner, stretch, policy, subject, ledger, gate, consentId, follows, nowMs };
        const key = await liveKey(em, owner, ring);
        try {
          return await this.addUnderKey(em, enrolment, key, ring);
        } finally {
          if (key) forgetKey(key);
        }
      });
      if (outcome.kind !== 'superseded') this.metrics.offered(outcome);
      return outcome;
    } finally {
      ring.wipe();
    }
  }

  private async addUnderKey(
    em: EntityManager,
    enrolment: Enrolment,
    key: OpenKey | undefined,
    ring: KeyRing,
  ): Promise<EnrolmentOutcome> {
    const { owner, stretch, policy, nowMs } = enrolment;
    const { model } = this.engine;
    const assess = (stretches: readonly EnrolmentStretch[]): EnrolmentAssessment =>
      assessEnrolment(stretches, policy, model);
    const pending = key === undefined ? [] : await readPending(em, owner, model.id, key, nowMs);
    try {
      // What a policy since tightened would no longer take must not stand in the way of better speech.
      const usable = pending.filter((earlier) => assess([earlier]).kind !== 'refused');
      const fresh = withoutRepeated(stretch, usable);
      if (fresh.embeddings.length === 0 && stretch.embeddings.length > 0) {
        return await this.stillIncomplete(em, enrolment);
      }
      const assessment = assess([...usable, fresh]);
      switch (assessment.kind) {
        case 'refused':
          return assessment;
        case 'incomplete':
          return await this.keep(
            em,
            { ...enrolment, stretch: fresh },
            assessment,
            key ?? (await newKey(em, owner, ring, nowMs)),
          );
        case 'complete':
          try {
            // What follows an earlier model's voiceprint was verified against it in its call.
            const kept =
              enrolment.follows === null
                ? await keptInForce(
                    em,
                    { owner, policy, nowMs, ...assessment },
                    ring,
                    this.engine,
                    this.blocks,
                  )
                : null;
            const toSeal = key ?? (await newKey(em, owner, ring, nowMs));
            if (kept !== null) return await this.setAside(em, enrolment, kept, assessment, toSeal);
            await deletePending(em, owner.customerId, model.id);
            const { source, by = null } = stretch;
            return await putInForce(em, { ...enrolment, source, by, model }, assessment, toSeal);
          } finally {
            assessment.voiceprint.fill(0);
          }
      }
    } finally {
      wipeStretches(pending);
    }
  }

  /** All of it was offered before: nothing is kept, and what waits goes on waiting. */
  private async stillIncomplete(
    em: EntityManager,
    { owner, policy, nowMs }: Enrolment,
  ): Promise<EnrolmentOutcome> {
    const waiting = await pendingEnrolment(em, owner.customerId, this.engine.model.id, nowMs);
    return {
      kind: 'incomplete',
      netSpeechMs: waiting?.netSpeechMs ?? 0,
      neededMs: policy.enrolment.minNetSpeechMs,
      keptUntil: waiting?.expiresAt ?? new Date(nowMs).toISOString(),
    };
  }

  private async keep(
    em: EntityManager,
    { owner, stretch, policy, gate, nowMs }: Enrolment,
    { netSpeechMs, neededMs }: Extract<EnrolmentAssessment, { kind: 'incomplete' }>,
    key: OpenKey,
  ): Promise<EnrolmentOutcome> {
    const expiresAt = waitsUntil(policy, gate, nowMs);
    await storePending(em, owner, this.engine.model.id, key, stretch, {
      createdAt: new Date(nowMs),
      expiresAt,
    });
    await recordFact(em, owner.tenantId, new Date(nowMs), {
      action: 'enrolment-speech-kept',
      by: null,
      subject: { kind: 'customer', id: owner.customerId },
      details: { source: stretch.source, consentId: gate.consentId, expiresAt: expiresAt.toISOString() },
    });
    return { kind: 'incomplete', netSpeechMs, neededMs, keptUntil: expiresAt.toISOString() };
  }

  /** What was gathered is in it: left waiting, it would have the customer's own speech refused. */
  private async setAside(
    em: EntityManager,
    { owner, stretch, policy, gate, nowMs }: Enrolment,
    { inForce, reason }: KeptInForce,
    complete: Complete,
    key: OpenKey,
  ): Promise<EnrolmentOutcome> {
    const { model } = this.engine;
    await deletePending(em, owner.customerId, model.id);
    const expiresAt = waitsUntil(policy, gate, nowMs);
    const held = await hold(
      em,
      { owner, stretch, because: reason.code, model, nowMs, expiresAt },
      complete,
      key,
    );
    if (held !== null) return held;
    await recordFact(em, owner.tenantId, new Date(nowMs), {
      action: 'voiceprint-replacement-refused',
      by: stretch.by ?? null,
      subject: { kind: 'customer', id: owner.customerId },
      details: { voiceprintId: inForce?.voiceprintId ?? null, source: stretch.source, reason: reason.code },
    });
    return { kind: 'refused', reasons: [reason] };
  }
}
