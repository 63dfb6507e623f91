import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { isOfModel } from '../../installation/models/served-model.js';
import {
  activeByModel,
  migrationProgress,
  roleOf,
  type MigrationProgress,
  type ModelRole,
} from './model-progress.js';

export interface ModelView {
  readonly modelId: string;
  readonly sha256: string;
  readonly role: ModelRole;
  readonly activeVoiceprints: number;
  /** Of a retired model: when the first of its voiceprints is destroyed. */
  readonly destroyedFrom: string | null;
}

export interface ModelsView {
  /** Those that are loaded, the current one first; then retired ones that voiceprints are left of. */
  readonly models: readonly ModelView[];
  readonly migration: MigrationProgress & { readonly to: string };
}

/** Which models there are, and how far the tenant's customers have come on their way to the current one. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly database: Database,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  view(tenantId: TenantId): Promise<ModelsView> {
    const { models } = this.engine;
    return this.database.forTenant(tenantId, async (em) => {
      const active = await activeByModel(em);
      const loaded = models.map((model, i): ModelView => ({
        modelId: model.id,
        sha256: model.sha256,
        role: i === 0 ? 'current' : 'previous',
        activeVoiceprints: active.find((row) => isOfModel(row, model))?.voiceprints ?? 0,
        destroyedFrom: null,
      }));
      const retired = active
        .filter((row) => roleOf(row, models) === 'retired')
        .map((row): ModelView => ({
          modelId: row.modelId,
          sha256: row.modelSha256,
          role: 'retired',
          activeVoiceprints: row.voiceprints,
          destroyedFrom: row.destroyedFrom?.toISOString() ?? null,
        }));
      const progress = await migrationProgress(em, models, this.clock.nowMs());
      return { models: [...loaded, ...retired], migration: { to: models[0].id, ...progress } };
    });
  }
}
