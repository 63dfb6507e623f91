import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { Registry } from 'prom-client';
import type { Clock } from '../core/clock.js';
import { CLOCK } from './clock.js';
import { CONFIG, type Config } from './config/config.js';
import { KEY_SHARES, type KeyShares } from './crypto/key-shares.port.js';
import { KEY_VAULT, type KeyVault } from './crypto/key-vault.port.js';
import { Database } from './database/database.service.js';
import { EVENT_BUS, type EventBus } from './event-bus/event-bus.port.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { Shutdown } from './health/shutdown.js';
import { ProblemFilter } from './http/problem.filter.js';
import { SchemaValidationPipe } from './http/validation.pipe.js';
import { LOGGER, type Logger } from './logging/logger.js';
import { METRICS_REGISTRY } from './metrics/metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';

/** What stands before Nest starts and outlives it: made, and later closed, by startTimbre. */
export interface PlatformParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly database: Database;
  readonly bus: EventBus;
  readonly vault: KeyVault;
  readonly shares: KeyShares;
  readonly readiness: Readiness;
  readonly shutdown: Shutdown;
}

@Global()
@Module({})
export class PlatformModule {
  static with(parts: PlatformParts): DynamicModule {
    const shared: Provider[] = [
      { provide: CONFIG, useValue: parts.config },
      { provide: CLOCK, useValue: parts.clock },
      { provide: LOGGER, useValue: parts.logger },
      { provide: METRICS_REGISTRY, useValue: parts.registry },
      { provide: Database, useValue: parts.database },
      { provide: EVENT_BUS, useValue: parts.bus },
      { provide: KEY_VAULT, useValue: parts.vault },
      { provide: KEY_SHARES, useValue: parts.shares },
      { provide: Readiness, useValue: parts.readiness },
      { provide: Shutdown, useValue: parts.shutdown },
    ];
    return {
      module: PlatformModule,
      controllers: [HealthController, MetricsController],
      providers: [
        ...shared,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: SchemaValidationPipe },
      ],
      exports: shared,
    };
  }
}
