import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';

import type { CallProtocol } from '../core/calls/protocols.js';
import type { CallId, TenantId } from '../core/ids.js';
import { LOGGER, type Logger } from '../platform/logging/logger.js';
import { METRICS_REGISTRY } from '../platform/metrics/metrics.js';
import type { TelephonyErrorCode } from './errors.js';

@Injectable()
export class TelephonyCounters {
  private readonly errors: Counter<'protocol' | 'code'>;

  constructor(
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.errors = new Counter({
      name: 'timbre_telephony_errors_total',
      help: 'Faults in telephony streams, by protocol and error code (docs/integration.md).',
      labelNames: ['protocol', 'code'],
      registers: [registry],
    });
  }

  error(protocol: CallProtocol, code: TelephonyErrorCode): void {
    this.errors.inc({ protocol, code });
  }

  /** Ids only: what was in the message is the caller's. */
  log(
    protocol: CallProtocol,
    code: TelephonyErrorCode,
    tenantId: TenantId,
    callId: CallId | undefined,
  ): void {
    this.logger.warn({ protocol, code, tenantId, callId }, 'fault in a telephony stream');
  }
}
