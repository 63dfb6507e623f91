import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { MeanVoiceBatch } from '../../../core/speaker/mean-voice-batch.js';
import { MeanVoiceAccumulator, type KeptSum } from '../../../core/speaker/centring.js';
import type { AcceptedVoice } from '../../../core/speaker/verifier.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { customerEffect, type CustomerEffect } from '../facts/effects.js';
import { FactFeed } from '../facts/fact-feed.js';
import { PoliciesService } from '../policies/policies.service.js';
import { MeanVoiceSum } from './mean-voice-sum.entity.js';

type Batch = MeanVoiceBatch<CustomerId>;

/**
 * Adds accepted calls up, where the policy says so. What waits in memory for company is let go at shutdown, and when one of
 * its people withdraws.
 */
@Injectable()
export class MeanVoiceGathering implements OnModuleInit, OnModuleDestroy {
  private readonly batches = new Map<TenantId, Map<string, Batch>>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('mean voices', (facts) => {
      for (const fact of facts) this.hear(customerEffect(fact));
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    for (const tenantId of [...this.batches.keys()]) this.forget(tenantId);
  }

  /** The voice of a consented call that ended accepted. It is overwritten, whatever comes of this. */
  async add(tenantId: TenantId, customerId: CustomerId, voice: AcceptedVoice): Promise<void> {
    try {
      const { verification } = await this.policies.current(tenantId);
      if (!verification.ownMeanVoice.gather) {
        this.forget(tenantId);
        return;
      }
      const batch = this.batchOf(tenantId, voice);
      batch.add(customerId, voice.direction);
      const full = batch.take();
      if (full === null) return;
      await this.keep(tenantId, voice, full);
      full.sum.fill(0);
    } finally {
      voice.direction.fill(0);
    }
  }

  private async keep(
    tenantId: TenantId,
    { modelId, modelSha256 }: Omit<AcceptedVoice, 'direction'>,
    added: KeptSum,
  ): Promise<void> {
    const now = new Date(this.clock.nowMs());
    await this.database.forTenant(tenantId, async (em) => {
      // Two processes may add at once, the first time too.
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre centre ${tenantId}`]);
      const kept = await em.findOneBy(MeanVoiceSum, { tenantId, modelSha256 });
      const all = new MeanVoiceAccumulator(added.sum.length);
      if (kept) all.include({ sum: Float64Array.from(kept.sum), calls: kept.calls });
      all.include(added);
      const { sum, calls } = all.state();
      const since = kept?.since ?? now;
      await em.save(MeanVoiceSum, {
        tenantId,
        modelId,
        modelSha256,
        sum: [...sum],
        calls,
        since,
        updatedAt: now,
      });
    });
  }

  private batchOf(tenantId: TenantId, { modelSha256, direction }: AcceptedVoice): Batch {
    const ofTenant = this.batches.get(tenantId) ?? new Map<string, Batch>();
    const batch = ofTenant.get(modelSha256) ?? new MeanVoiceBatch<CustomerId>(direction.length);
    this.batches.set(tenantId, ofTenant.set(modelSha256, batch));
    return batch;
  }

  /** Who says no is no longer among those whose calls are added up. */
  private hear(told: CustomerEffect | undefined): void {
    if (told?.effect !== 'ends' && told?.effect !== 'erased') return;
    for (const batch of this.batches.get(told.tenantId)?.values() ?? [])
      if (batch.has(told.customerId)) batch.forget();
  }

  private forget(tenantId: TenantId): void {
    for (const batch of this.batches.get(tenantId)?.values() ?? []) batch.forget();
    this.batches.delete(tenantId);
  }
}
