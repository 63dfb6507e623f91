import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { MeanVoiceBatch } from '../../../core/speaker/mean-voice-batch.js';
import { farMeanVoice, MeanVoiceAccumulator, type KeptSum } from '../../../core/speaker/centring.js';
import { unit, dot } from '../../../core/speaker/vectors.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import { customerEffect, type CustomerEffect } from '../facts/effects.js';
import { FactFeed } from '../facts/fact-feed.js';
import { recordFact } from '../facts/record-fact.js';
import { PoliciesService } from '../policies/policies.service.js';
import { lockMeanVoices, newestVersion, putInForce } from './put-in-force.js';
import { MeanVoiceSum } from './mean-voice-sum.entity.js';

type Batch = MeanVoiceBatch<CustomerId>;

export interface GatheredVoice {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly direction: Float32Array;
}

/** The next one is made of so many times as many calls: each new one makes what was measured under the last one void. */
const nextOfTimesAsMany = 4;

/**
 * Adds calls up, where the policy says so, and puts the mean voice in force that they make. What waits in memory for company is let go at
 * shutdown, and when one of its people withdraws.
 */
@Injectable()
export class MeanVoiceGathering implements OnModuleInit, OnModuleDestroy {
  private readonly batches = new Map<TenantId, Map<string, Batch>>();
  private readonly alike: Gauge;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly feed: FactFeed,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.alike = new Gauge({
      name: 'timbre_mean_voice_cosine',
      help: 'Cosine of the newest callers that were gathered with the mean voice in force; low: another population',
      registers: [registry],
    });
  }

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('mean voices', (facts) => {
      for (const fact of facts) this.hear(customerEffect(fact));
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    for (const tenantId of [...this.batches.keys()]) this.forget(tenantId);
  }

  /** The voice of a consented call that came to a decision, whichever: who is accepted depends on the mean voice itself. It is overwritten, whatever comes of this. */
  async add(tenantId: TenantId, customerId: CustomerId, voice: GatheredVoice): Promise<void> {
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
      await this.keep(tenantId, voice, full, verification.ownMeanVoice.minCalls);
      full.sum.fill(0);
    } finally {
      voice.direction.fill(0);
    }
  }

  private async keep(
    tenantId: TenantId,
    { modelId, modelSha256 }: Omit<GatheredVoice, 'direction'>,
    added: KeptSum,
    minCalls: number,
  ): Promise<void> {
    const now = new Date(this.clock.nowMs());
    const alike = await this.database.forTenant(tenantId, async (em) => {
      await lockMeanVoices(em, tenantId);
      const kept = await em.findOneBy(MeanVoiceSum, { tenantId, modelSha256 });
      const all = new MeanVoiceAccumulator(added.sum.length);
      if (kept) all.include({ sum: Float64Array.from(kept.sum), calls: kept.calls });
      all.include(added);
      const newest = await newestVersion(em, tenantId, modelSha256);
      const inForce = newest?.centre ? Float32Array.from(newest.centre) : this.modelCentre(modelSha256);
      const cosine = inForce ? cosineOf(Float32Array.from(added.sum), inForce) : null;
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
      if (cosine !== null && cosine < farMeanVoice)
        await recordFact(em, tenantId, now, {
          action: 'mean-voice-far',
          by: null,
          subject: { kind: 'mean-voice', id: String(newest?.version ?? 0) },
          details: { modelId, calls: added.calls, cosineHundredths: Math.round(100 * cosine) },
        });
      // Who went back to the model's own is left there.
      const isWanted = newest === null || newest.centre !== null;
      const refit = all.refit(Math.max(minCalls, nextOfTimesAsMany * (newest?.calls ?? 0)));
      if (isWanted && refit.kind === 'ready') {
        await em.delete(MeanVoiceSum, { tenantId, modelSha256 });
        const centre = [...refit.centre];
        await putInForce(em, {
          tenantId,
          modelId,
          modelSha256,
          centre,
          calls,
          createdBy: null,
          createdAt: now,
        });
      }
      return cosine;
    });
    if (alike === null) return;
    this.alike.set(alike);
    if (alike < farMeanVoice)
      this.logger.warn(
        { tenantId, cosine: Number(alike.toFixed(2)) },
        'the callers of a tenant lie far from the mean voice in force',
      );
  }

  private modelCentre(modelSha256: string): Float32Array | undefined {
    return this.engine.models.find(({ sha256 }) => sha256 === modelSha256)?.centre;
  }

  private batchOf(tenantId: TenantId, { modelSha256, direction }: GatheredVoice): Batch {
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

function cosineOf(a: Float32Array, b: Float32Array): number | null {
  const [first, second] = [unit(a), unit(b)];
  return first && second && dot(first, second);
}
