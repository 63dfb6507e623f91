import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { In, LessThan, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { StoredReader } from '../../installation/facts/stored-reader.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { answered, recordStep } from './request-store.js';
import { RightsRequest } from './request.entity.js';

type Enrolled = 'voiceprint-enrolled';

/** The customer has been enrolled anew, which is what a correction asks for: by whoever enrolled, so that nobody has to say it again. */
@Injectable()
export class Corrections implements StoredReader<Enrolled>, OnModuleInit {
  readonly name = 'corrections';
  readonly actions = ['voiceprint-enrolled'] as const;

  constructor(
    private readonly readers: StoredReaders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.readers.add(this);
  }

  async read(em: EntityManager, facts: readonly Extract<StoredFact, { action: Enrolled }>[]): Promise<void> {
    const nowMs = this.clock.nowMs();
    const columns = answered(null, nowMs);
    for (const { subject, at } of facts) {
      const rows = await em.find(RightsRequest, {
        where: {
          customerId: subject.id,
          kind: 'correction',
          state: In(['identity-checked', 'in-progress']),
          receivedAt: LessThan(at),
        },
        lock: { mode: 'pessimistic_write' },
      });
      for (const row of rows)
        await recordStep(
          em,
          row,
          { step: { kind: 'fulfil' }, by: null, action: 'request-fulfilled', columns },
          nowMs,
        );
    }
  }
}
