import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { TenantId } from '../../../core/ids.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';

@Injectable()
export class RetentionMetrics {
  private readonly sweptTotal: Counter<'kind'>;
  private readonly late: Counter<'kind'>;
  private readonly failures: Counter;
  private readonly lastSweep: Gauge;
  private readonly lateTenantsGauge: Gauge;
  private readonly setBack: Gauge;
  private readonly heldGauge: Gauge;
  private readonly heldOf = new Map<TenantId, number>();

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    const registers = [registry];
    this.sweptTotal = new Counter({
      name: 'timbre_retention_swept_total',
      help: 'Rows destroyed because their time was over, by kind',
      labelNames: ['kind'],
      registers,
    });
    this.late = new Counter({
      name: 'timbre_retention_late_total',
      help: 'Of those, destroyed more than two sweep intervals after they were due: a sweep was missed',
      labelNames: ['kind'],
      registers,
    });
    this.failures = new Counter({
      name: 'timbre_retention_failed_sweeps_total',
      help: 'Sweeps of one tenant that failed; the next sweep tries again',
      registers,
    });
    this.lastSweep = new Gauge({
      name: 'timbre_retention_last_sweep_timestamp_seconds',
      help: 'When this process last finished a sweep of all tenants',
      registers,
    });
    this.lateTenantsGauge = new Gauge({
      name: 'timbre_retention_late_tenants',
      help: 'Tenants for which no process has finished a sweep within two intervals: alarm when above 0',
      registers,
    });
    this.setBack = new Gauge({
      name: 'timbre_retention_clock_set_back_seconds',
      help: 'By how much the clock is behind that of an earlier sweep: alarm when above 0',
      registers,
    });
    this.heldGauge = new Gauge({
      name: 'timbre_retention_held',
      help: 'Rows past their date that legal holds keep, as this process last saw them',
      registers,
    });
  }

  swept(kind: string, lateByMs: readonly number[], toleratedMs: number): void {
    this.sweptTotal.inc({ kind }, lateByMs.length);
    this.late.inc({ kind }, lateByMs.filter((ms) => ms > toleratedMs).length);
  }

  failed(): void {
    this.failures.inc();
  }

  finished(nowMs: number): void {
    this.lastSweep.set(nowMs / 1000);
  }

  lateTenants(count: number): void {
    this.lateTenantsGauge.set(count);
  }

  clockSetBack(ms: number): void {
    this.setBack.set(ms / 1000);
  }

  held(tenantId: TenantId, count: number): void {
    this.heldOf.set(tenantId, count);
    this.heldGauge.set([...this.heldOf.values()].reduce((sum, one) => sum + one, 0));
  }
}
