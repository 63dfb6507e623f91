import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../../platform/metrics/metrics.js';

type Kind = 'voiceprint' | 'enrolment-stretch' | 'watchlist-entry';

@Injectable()
export class RetentionMetrics {
  readonly #swept: Counter<'kind'>;
  readonly #late: Counter<'kind'>;
  readonly #failures: Counter;
  readonly #lastSweep: Gauge;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    const registers = [registry];
    this.#swept = new Counter({
      name: 'timbre_retention_swept_total',
      help: 'Voiceprints, pending enrolment stretches and watchlist entries destroyed because their time was over',
      labelNames: ['kind'],
      registers,
    });
    this.#late = new Counter({
      name: 'timbre_retention_late_total',
      help: 'Of those, destroyed more than two sweep intervals after they were due: a sweep was missed',
      labelNames: ['kind'],
      registers,
    });
    this.#failures = new Counter({
      name: 'timbre_retention_failed_sweeps_total',
      help: 'Sweeps of one tenant that failed; the next sweep tries again',
      registers,
    });
    this.#lastSweep = new Gauge({
      name: 'timbre_retention_last_sweep_timestamp_seconds',
      help: 'When this process last finished a sweep of all tenants',
      registers,
    });
  }

  swept(kind: Kind, lateByMs: readonly number[], toleratedMs: number): void {
    this.#swept.inc({ kind }, lateByMs.length);
    this.#late.inc({ kind }, lateByMs.filter((ms) => ms > toleratedMs).length);
  }

  failed(): void {
    this.#failures.inc();
  }

  finished(nowMs: number): void {
    this.#lastSweep.set(nowMs / 1000);
  }
}
