import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import type { FlagVerdict } from '../../../core/risk/flag-states.js';
import type { Severity } from '../../../core/risk/risk-reason.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';

@Injectable()
export class FlagMetrics {
  private readonly raisedTotal: Counter<'severity'>;
  private readonly decidedTotal: Counter<'state'>;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    this.raisedTotal = new Counter({
      name: 'timbre_flags_raised_total',
      help: 'Flags raised, by the severity they were raised with',
      labelNames: ['severity'],
      registers: [registry],
    });
    this.decidedTotal = new Counter({
      name: 'timbre_flags_decided_total',
      help: 'Verdicts given by the fraud team',
      labelNames: ['state'],
      registers: [registry],
    });
  }

  raised(severity: Severity): void {
    this.raisedTotal.inc({ severity });
  }

  decided(state: FlagVerdict): void {
    this.decidedTotal.inc({ state });
  }
}
