import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';

import type { CallProtocol } from '../core/calls/intake.js';
import { METRICS_REGISTRY } from '../platform/metrics/metrics.js';
import type { TelephonyErrorCode } from './errors.js';

@Injectable()
export class TelephonyCounters {
  readonly #errors: Counter<'protocol' | 'code'>;

  constructor(@Inject(METRICS_REGISTRY) registry: Registry) {
    this.#errors = new Counter({
      name: 'timbre_telephony_errors_total',
      help: 'Faults in telephony streams, by protocol and error code (docs/integration.md).',
      labelNames: ['protocol', 'code'],
      registers: [registry],
    });
  }

  error(protocol: CallProtocol, code: TelephonyErrorCode): void {
    this.#errors.inc({ protocol, code });
  }
}
