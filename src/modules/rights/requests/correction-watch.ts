import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { RequestsService } from './requests.service.js';

/** Fulfils a correction when the customer has been enrolled anew, on whichever process that was. */
@Injectable()
export class CorrectionWatch implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private unsubscribe: (() => void) | undefined;
  private readonly noting = new Set<Promise<void>>();

  constructor(
    private readonly requests: RequestsService,
    private readonly feed: FactFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('corrections', (facts) => {
      for (const fact of facts) this.hear(fact);
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

  private hear(fact: StoredFact): void {
    if (fact.action !== 'voiceprint-enrolled') return;
    const { tenantId } = fact;
    const customerId = fact.subject.id;
    const noting = this.requests
      .corrected(tenantId, customerId)
      .catch((error: unknown) => {
        this.logger.error({ err: error, tenantId }, 'a corrected voiceprint was not noted on its request');
      })
      .finally(() => this.noting.delete(noting));
    this.noting.add(noting);
  }
}
