import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { CentreAccumulator } from '../../../core/speaker/centring.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../facts/record-fact.js';
import { PoliciesService } from '../policies/policies.service.js';
import { CentreSum } from './centre-sum.entity.js';
import { CentreVersion } from './centre-version.entity.js';
import { toView, type CentreVersionView, type CentreView } from './centre-view.js';

/** The tenant's own centre of the current model: what is gathered for one, and which is in force. */
@Injectable()
export class CentresService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async view(tenantId: TenantId): Promise<CentreView> {
    const { gather, minCalls } = (await this.policies.current(tenantId)).verification.ownCentre;
    const { id: modelId, sha256: modelSha256, centre } = this.engine.model;
    return this.database.forTenant(tenantId, async (em) => {
      const newest = await newestOf(em, tenantId, modelSha256);
      const sum = await em.findOneBy(CentreSum, { tenantId, modelSha256 });
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
  async versions(tenantId: TenantId): Promise<CentreVersionView[]> {
    const { models } = this.engine;
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.find(CentreVersion, { where: { tenantId }, order: { version: 'DESC' } }),
    );
    return rows.map((row) => toView(row, models.find(({ sha256 }) => sha256 === row.modelSha256)?.centre));
  }

  /** Makes a centre of what was gathered, which then begins anew. Calls claimed from now on are scored with it. */
  async refit({ tenantId, tokenId }: Principal): Promise<CentreVersionView> {
    const { minCalls } = (await this.policies.current(tenantId)).verification.ownCentre;
    const { sha256: modelSha256, embeddingSize } = this.engine.model;
    return this.write(tenantId, tokenId, async (em) => {
      const kept = await em.findOneBy(CentreSum, { tenantId, modelSha256 });
      const sum = new CentreAccumulator(embeddingSize);
      if (kept) sum.include({ sum: Float64Array.from(kept.sum), calls: kept.calls });
      const refit = sum.refit(minCalls);
      if (refit.kind === 'too-few-calls') {
        const { calls, neededCalls } = refit;
        const detail = `${calls} of ${neededCalls} calls are gathered.`;
        throw new ProblemError(409, 'too-few-calls', 'Too few calls for a centre', { detail });
      }
      await em.delete(CentreSum, { tenantId, modelSha256 });
      return { centre: [...refit.centre], calls: refit.calls };
    });
  }

  /** Back to the model's. */
  useModels({ tenantId, tokenId }: Principal): Promise<CentreVersionView> {
    const { sha256 } = this.engine.model;
    return this.write(tenantId, tokenId, async (em) => {
      const newest = await newestOf(em, tenantId, sha256);
      if (!newest?.centre)
        throw new ProblemError(409, 'model-centre-in-force', 'The model’s centre is in force already');
      return { centre: null, calls: 0 };
    });
  }

  private write(
    tenantId: TenantId,
    createdBy: TokenId,
    make: (em: EntityManager) => Promise<Pick<CentreVersion, 'centre' | 'calls'>>,
  ): Promise<CentreVersionView> {
    const { id: modelId, sha256: modelSha256, centre } = this.engine.model;
    return this.database.forTenant(tenantId, async (em) => {
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre centre ${tenantId}`]);
      const made = await make(em);
      const version = ((await em.maximum(CentreVersion, 'version', { tenantId })) ?? 0) + 1;
      const createdAt = new Date(this.clock.nowMs());
      const row = { tenantId, version, modelId, modelSha256, createdAt, createdBy, ...made };
      await em.insert(CentreVersion, row);
      await recordFact(em, tenantId, createdAt, {
        action: 'centre-changed',
        by: createdBy,
        subject: { kind: 'centre', id: String(version) },
        details: { modelId, calls: made.calls, own: made.centre !== null },
      });
      return toView(row, centre);
    });
  }
}

function newestOf(em: EntityManager, tenantId: TenantId, modelSha256: string): Promise<CentreVersion | null> {
  return em.findOne(CentreVersion, { where: { tenantId, modelSha256 }, order: { version: 'DESC' } });
}
