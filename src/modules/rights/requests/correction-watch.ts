import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { EVENT_BUS, type BusMessage, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { RequestsService } from './requests.service.js';

/** Fulfils a correction when the customer has been enrolled anew, on whichever process that was. */
@Injectable()
export class CorrectionWatch implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private unsubscribe: (() => void) | undefined;
  private readonly noting = new Set<Promise<void>>();

  constructor(
    private readonly requests: RequestsService,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe((message) => {
      this.hear(message);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.noted();
  }

  /** Resolves when everything heard so far is on its requests. */
  async noted(): Promise<void> {
    await Promise.all(this.noting);
  }

  private hear(message: BusMessage): void {
    if (message.kind !== 'customer-changed' || message.change !== 'voiceprint-enrolled') return;
    const { tenantId, customerId } = message;
    const noting = this.requests
      .corrected(tenantId, customerId)
      .catch((error: unknown) => {
        this.logger.error({ err: error, tenantId }, 'a corrected voiceprint was not noted on its request');
      })
      .finally(() => this.noting.delete(noting));
    this.noting.add(noting);
  }
}
