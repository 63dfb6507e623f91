import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { MeanVoiceAccumulator } from '../../../core/speaker/centring.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { PoliciesService } from '../policies/policies.service.js';
import { MeanVoiceSum } from './mean-voice-sum.entity.js';
import { MeanVoiceVersion } from './mean-voice-version.entity.js';
import { lockMeanVoices, newestVersion, putInForce } from './put-in-force.js';
import { toView, type MeanVoiceVersionView, type MeanVoiceView } from './mean-voice-view.js';

/** The tenant's own mean voice of the current model: what is gathered for one, and which is in force. */
@Injectable()
export class MeanVoicesService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async view(tenantId: TenantId): Promise<MeanVoiceView> {
    const { gather, minCalls } = (await this.policies.current(tenantId)).verification.ownMeanVoice;
    const { id: modelId, sha256: modelSha256, centre } = this.engine.model;
    return this.database.forTenant(tenantId, async (em) => {
      const newest = await newestVersion(em, tenantId, modelSha256);
      const sum = await em.findOneBy(MeanVoiceSum, { tenantId, modelSha256 });
      return {
        modelId,
        modelSha256,
        inForce: newest?.centre ? { kind: 'own', ...toView(newest, centre) } : { kind: 'model' },
        gathered: {
          gathering: gather,
          calls: sum?.calls ?? 0,
          neededCalls: minCalls,
          since: sum?.since.toISOString() ?? null,
        },
      };
    });
  }

  /** Newest first. */
  async versions(tenantId: TenantId): Promise<MeanVoiceVersionView[]> {
    const { models } = this.engine;
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.find(MeanVoiceVersion, { where: { tenantId }, order: { version: 'DESC' } }),
    );
    return rows.map((row) => toView(row, models.find(({ sha256 }) => sha256 === row.modelSha256)?.centre));
  }

  /** Makes a mean voice of what was gathered, which then begins anew. Calls claimed from now on are scored with it. */
  async refit({ tenantId, tokenId }: Principal): Promise<MeanVoiceVersionView> {
    const { minCalls } = (await this.policies.current(tenantId)).verification.ownMeanVoice;
    const { sha256: modelSha256, embeddingSize } = this.engine.model;
    return this.write(tenantId, tokenId, async (em) => {
      const kept = await em.findOneBy(MeanVoiceSum, { tenantId, modelSha256 });
      const sum = new MeanVoiceAccumulator(embeddingSize);
      if (kept) sum.include({ sum: Float64Array.from(kept.sum), calls: kept.calls });
      const refit = sum.refit(minCalls);
      if (refit.kind === 'too-few-calls') {
        const { calls, neededCalls } = refit;
        const detail = `${calls} of ${neededCalls} calls are gathered.`;
        throw new ProblemError(409, 'too-few-calls', 'Too few calls for a mean voice', { detail });
      }
      await em.delete(MeanVoiceSum, { tenantId, modelSha256 });
      return { centre: [...refit.centre], calls: refit.calls };
    });
  }

  /** Back to the model's. */
  useModels({ tenantId, tokenId }: Principal): Promise<MeanVoiceVersionView> {
    const { sha256 } = this.engine.model;
    return this.write(tenantId, tokenId, async (em) => {
      const newest = await newestVersion(em, tenantId, sha256);
      if (!newest?.centre)
        throw new ProblemError(
          409,
          'model-mean-voice-in-force',
          'The model’s mean voice is in force already',
        );
      return { centre: null, calls: 0 };
    });
  }

  private write(
    tenantId: TenantId,
    createdBy: TokenId,
    make: (em: EntityManager) => Promise<Pick<MeanVoiceVersion, 'centre' | 'calls'>>,
  ): Promise<MeanVoiceVersionView> {
    const { id: modelId, sha256: modelSha256, centre } = this.engine.model;
    return this.database.forTenant(tenantId, async (em) => {
      await lockMeanVoices(em, tenantId);
      const made = await make(em);
      const createdAt = new Date(this.clock.nowMs());
      const row = await putInForce(em, { tenantId, modelId, modelSha256, ...made, createdBy, createdAt });
      return toView(row, centre);
    });
  }
}
