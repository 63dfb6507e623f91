import { Injectable, type OnModuleInit } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { tellAtCommit } from '../../../platform/event-bus/facts-wake-up.js';
import { CallEvent } from '../../calls/call-log/call-event.entity.js';
import { lockCallEvents } from '../../calls/call-log/event-lock.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { StoredReader } from '../../installation/facts/stored-reader.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { summaryOf } from './flag-summary.js';
import { Flag } from './flag.entity.js';

const changes = [
  'flag-raised',
  'flag-grew',
  'flag-customer-named',
  'flag-reviewed',
  'flag-measurements-destroyed',
] as const;
type Change = (typeof changes)[number];

/** Tells the event log how a flag stands when it changed, in its call and after it, so that pages hear of it. */
@Injectable()
export class FlagTelling implements StoredReader<Change>, OnModuleInit {
  readonly name = 'flags in the event log';
  readonly actions = changes;

  constructor(private readonly readers: StoredReaders) {}

  onModuleInit(): void {
    this.readers.add(this);
  }

  async read(em: EntityManager, facts: readonly Extract<StoredFact, { action: Change }>[]): Promise<void> {
    const [{ tenantId, at }] = facts.slice(-1) as [StoredFact];
    await lockCallEvents(em, tenantId);
    // Read under the lock: what is destroyed of a flag later is destroyed in what was told of it, too (flag-forgetting.ts).
    const flags = await em.find(Flag, {
      where: { tenantId, flagId: In(facts.map(({ subject }) => subject.id)) },
      order: { flagId: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    if (flags.length === 0) return;
    const rows = flags.map((flag) => ({
      tenantId,
      callId: flag.callId,
      kind: 'flag' as const,
      payload: summaryOf(flag),
      at,
    }));
    await em.insert(CallEvent, rows);
    await tellAtCommit(em, { kind: 'call-events', tenantId, lastEventId: '0' });
  }
}
