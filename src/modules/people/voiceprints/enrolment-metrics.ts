import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import type { EnrolmentOutcome, MigrationOutcome } from './enrolment-outcome.js';

/** Enrolments by what became of them. */
@Injectable()
export class EnrolmentMetrics {
  private readonly outcomes: Counter<'outcome'>;
  private readonly refusedTotal: Counter<'reason'>;
  private readonly migrations: Counter<'outcome' | 'model_id'>;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    this.outcomes = new Counter({
      name: 'timbre_enrolment_stretches_total',
      help: 'Stretches of speech offered towards an enrolment, by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.refusedTotal = new Counter({
      name: 'timbre_enrolments_refused_total',
      help: 'Enrolments refused, by reason; one enrolment may have several',
      labelNames: ['reason'],
      registers: [registry],
    });
    this.migrations = new Counter({
      name: 'timbre_model_migrations_total',
      help: 'Accepted calls whose speech went towards a voiceprint of the current model, by outcome',
      labelNames: ['outcome', 'model_id'],
      registers: [registry],
    });
  }

  migrated(outcome: MigrationOutcome, modelId: string): void {
    this.migrations.inc({ outcome: outcome.kind, model_id: modelId });
  }

  offered(outcome: EnrolmentOutcome): void {
    this.outcomes.inc({ outcome: outcome.kind });
    if (outcome.kind === 'refused') for (const { code } of outcome.reasons) this.refused(code);
    if (outcome.kind === 'no-consent') this.refused(outcome.reason);
    if (outcome.kind === 'erased') this.refused('erased');
  }

  refused(reason: string): void {
    this.refusedTotal.inc({ reason });
  }
}
