import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { requestKinds, type RequestKind } from '../../../core/privacy/packs/pack.js';
import type { AnswerStanding, ReminderKind } from '../../../core/privacy/requests/reminders.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';

type OpenStanding = Exclude<AnswerStanding, 'answered'>;
export type OpenCounts = Map<`${RequestKind} ${OpenStanding}`, number>;

const standings: readonly OpenStanding[] = ['on-time', 'due-soon', 'overdue'];

@Injectable()
export class RequestMetrics {
  private readonly open: Gauge<'kind' | 'standing'>;
  private readonly reminders: Counter<'reminder'>;
  private readonly failures: Counter;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    const registers = [registry];
    this.open = new Gauge({
      name: 'timbre_requests_open',
      help: 'Requests of people about their data that wait for an answer, over all tenants, as of the last look',
      labelNames: ['kind', 'standing'],
      registers,
    });
    this.reminders = new Counter({
      name: 'timbre_request_reminders_total',
      help: 'Times that a request’s clock came to a date: answer due soon, answer overdue, receipt not confirmed in time',
      labelNames: ['reminder'],
      registers,
    });
    this.failures = new Counter({
      name: 'timbre_request_reminders_failed_total',
      help: 'Looks at the clocks of one tenant’s requests that failed; the next one tries again',
      registers,
    });
  }

  reminded(reminder: ReminderKind): void {
    this.reminders.inc({ reminder });
  }

  failed(): void {
    this.failures.inc();
  }

  counted(counts: OpenCounts): void {
    for (const kind of requestKinds)
      for (const standing of standings)
        this.open.set({ kind, standing }, counts.get(`${kind} ${standing}`) ?? 0);
  }
}
