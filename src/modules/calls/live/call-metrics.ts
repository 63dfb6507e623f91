import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';

@Injectable()
export class CallMetrics {
  readonly live: Gauge;
  readonly opened: Counter<'protocol'>;
  readonly resumed: Counter<'protocol'>;
  readonly claimsNotFound: Counter<'protocol'>;
  readonly closed: Counter<'reason'>;
  readonly states: Counter<'state'>;
  readonly decisionLatency: Histogram;
  readonly audioMs: Counter<'fate'>;
  readonly wrongRates: Counter<'note'>;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    const registers = [registry];
    this.live = new Gauge({ name: 'timbre_calls_live', help: 'Calls open on this process', registers });
    this.opened = new Counter({
      name: 'timbre_calls_opened_total',
      help: 'Calls opened',
      labelNames: ['protocol'],
      registers,
    });
    this.resumed = new Counter({
      name: 'timbre_calls_resumed_total',
      help: 'Calls that another stream resumed after theirs broke off',
      labelNames: ['protocol'],
      registers,
    });
    this.claimsNotFound = new Counter({
      name: 'timbre_claims_not_found_total',
      help: 'Calls for which the platform named a customer who is not known',
      labelNames: ['protocol'],
      registers,
    });
    this.closed = new Counter({
      name: 'timbre_calls_closed_total',
      help: 'Calls closed, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.states = new Counter({
      name: 'timbre_verification_state_changes_total',
      help: 'Verification states that calls came to',
      labelNames: ['state'],
      registers,
    });
    this.decisionLatency = new Histogram({
      name: 'timbre_score_latency_seconds',
      help: 'From the arrival of the last audio a score needed to the score',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5],
      registers,
    });
    this.audioMs = new Counter({
      name: 'timbre_call_audio_milliseconds_total',
      help: 'What became of the callers’ audio',
      labelNames: ['fate'],
      registers,
    });
    this.wrongRates = new Counter({
      name: 'timbre_calls_wrong_rate_total',
      help: 'Calls whose audio arrives at half, 1.5 or twice its stated rate: a wrong rate or mix',
      labelNames: ['note'],
      registers,
    });
  }
}
