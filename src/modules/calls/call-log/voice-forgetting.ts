import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { endingOf } from '../../../core/privacy/consent.js';
import { tellAtCommit } from '../../../platform/event-bus/facts-wake-up.js';
import { saidNo, sayingNo, type SaidNo } from '../../installation/facts/effects.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { StoredReader } from '../../installation/facts/stored-reader.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { callsUnderWay } from './calls-under-way.js';
import { eraseLateResults } from './erased-calls.js';
import { lockCallEvents } from './event-lock.js';
import { forgetResults } from './forget-voice.js';

type Read = (typeof sayingNo)[number] | 'customer-erased';

/**
 * Destroys what is written of a voice in the calls that were under way when its owner said no to it, or was erased: past results, on
 * the row and in the event log, whichever process had the call. Results that are not written yet are not written (unread-facts.ts);
 * those of a process that goes on are destroyed by it, too, which tells that they were (`voice-forgotten`).
 */
@Injectable()
export class VoiceForgetting implements StoredReader<Read>, OnModuleInit {
  readonly name = 'voices in calls';
  readonly actions = [...sayingNo, 'customer-erased'] as const;

  constructor(private readonly readers: StoredReaders) {}

  onModuleInit(): void {
    this.readers.add(this);
  }

  async read(em: EntityManager, facts: readonly Extract<StoredFact, { action: Read }>[]): Promise<void> {
    for (const fact of facts) {
      const { tenantId, at } = fact;
      const said = saidNo(fact);
      if (fact.action === 'customer-erased') {
        await lockCallEvents(em, tenantId);
        await eraseLateResults(em, fact.subject.id, at);
      } else if (said?.purposes.some((purpose) => purpose !== 'fraud-watchlist')) {
        await lockCallEvents(em, tenantId);
        await forget(em, tenantId, said);
      }
    }
  }
}

async function forget(
  em: EntityManager,
  tenantId: TenantId,
  { customerId, purposes, at }: SaidNo,
): Promise<void> {
  const ledger = await readLedger(em, customerId);
  // Who has agreed again since is compared again: what came of that stays.
  const stands = purposes.some((purpose) => endingOf(purpose, ledger) !== undefined);
  const callIds = await callsUnderWay(em, customerId, at);
  const isNews = await forgetResults(em, tenantId, callIds, stands ? {} : { at });
  if (isNews) await tellAtCommit(em, { kind: 'call-events', tenantId, lastEventId: '0' });
}
