import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import type { ServedModel } from '../../installation/models/served-model.js';
import { roleOf, type ActiveOfModel, type ModelRole } from './model-progress.js';

@Injectable()
export class ModelMetrics {
  private readonly active: Gauge<'model_id' | 'role'>;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    this.active = new Gauge({
      name: 'timbre_voiceprints_active',
      help: 'Voiceprints in force, by model and whether it is the current one, a previous one or retired; as of the last look',
      labelNames: ['model_id', 'role'],
      registers: [registry],
    });
  }

  show(active: readonly ActiveOfModel[], served: readonly ServedModel[]): void {
    this.active.reset();
    const roles: readonly ModelRole[] = ['current', 'previous'];
    for (const [i, { id }] of served.entries()) {
      this.active.set({ model_id: id, role: roles[Math.min(i, 1)] ?? 'previous' }, 0);
    }
    for (const row of active) {
      this.active.inc({ model_id: row.modelId, role: roleOf(row, served) }, row.voiceprints);
    }
  }
}
