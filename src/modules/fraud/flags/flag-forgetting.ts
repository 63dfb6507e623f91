import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { endingOf } from '../../../core/privacy/consent.js';
import { CLOCK } from '../../../platform/clock.js';
import { callsUnderWay } from '../../calls/call-log/calls-under-way.js';
import { lockCallEvents } from '../../calls/call-log/event-lock.js';
import { saidNo, sayingNo, type SaidNo } from '../../installation/facts/effects.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { StoredReader } from '../../installation/facts/stored-reader.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { destroyMeasurements } from './flag-growth.js';
import { Flag } from './flag.entity.js';

type Read = (typeof sayingNo)[number];

/**
 * Destroys what flags say in numbers of a voice whose owner said no to it, and what the event log told of them, in the calls that were
 * under way (docs/adr/0010). Flags written later are written without (flags.service.ts).
 */
@Injectable()
export class FlagForgetting implements StoredReader<Read>, OnModuleInit {
  readonly name = 'measurements in flags';
  readonly actions = sayingNo;

  constructor(
    private readonly readers: StoredReaders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.readers.add(this);
  }

  async read(em: EntityManager, facts: readonly Extract<StoredFact, { action: Read }>[]): Promise<void> {
    for (const fact of facts) {
      const said = saidNo(fact);
      if (said !== undefined) await forget(em, fact.tenantId, said, new Date(this.clock.nowMs()));
    }
  }
}

async function forget(em: EntityManager, tenantId: TenantId, said: SaidNo, now: Date): Promise<void> {
  const { customerId, purposes, because, at } = said;
  const raised = await em.query<{ call_id: CallId }[]>('SELECT call_id FROM flags WHERE customer_id = $1', [
    customerId,
  ]);
  if (raised.length === 0) return;
  await lockCallEvents(em, tenantId);
  const others = raised.map(({ call_id }) => call_id);
  const flags = await em.find(Flag, {
    where: { tenantId, customerId, callId: In(await callsUnderWay(em, customerId, at, others)) },
    order: { flagId: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const ledger = await readLedger(em, customerId);
  // What is measured once they have agreed again stays.
  const stillEnded = purposes.filter((purpose) => endingOf(purpose, ledger) !== undefined);
  for (const flag of flags) {
    const ended = flag.updatedAt <= at ? purposes : stillEnded;
    const endings = Object.fromEntries(ended.map((purpose) => [purpose, { because, at: at.toISOString() }]));
    if (await destroyMeasurements(em, flag, endings, now))
      await em.query(
        `DELETE FROM call_events WHERE call_id = $1 AND kind = 'flag' AND payload ->> 'flagId' = $2`,
        [flag.callId, flag.flagId],
      );
  }
}
