import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { TenantId } from '../../../core/ids.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';

@Injectable()
export class KeyMetrics {
  private readonly outstanding = new Map<TenantId, number>();

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    const counted = this.outstanding;
    new Gauge({
      name: 'timbre_key_renewals_outstanding',
      help: 'Keys of customers, watchlist entries and credentials, and calls on their way, that still lie under an earlier tenant key or in a form of before, over all tenants, as of the last look',
      registers: [registry],
      collect() {
        this.set([...counted.values()].reduce((sum, one) => sum + one, 0));
      },
    });
  }

  counted(tenantId: TenantId, outstanding: number): void {
    this.outstanding.set(tenantId, outstanding);
  }

  /** Between two looks. */
  renewed(tenantId: TenantId, count: number): void {
    this.outstanding.set(tenantId, Math.max(0, (this.outstanding.get(tenantId) ?? 0) - count));
  }
}
