import type { EntityManager } from 'typeorm';
import { erasedResult } from '../../../core/calls/erased-result.js';
import type { CallResult } from '../../../core/calls/result.js';
import { withoutVoice } from '../../../core/calls/without-voice.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { saidNo, sayingNo } from '../../installation/facts/effects.js';
import { readActions } from '../../installation/facts/stored-facts.js';
import type { CallWrite } from './call-write.js';

export interface QueuedWrite extends CallWrite {
  readonly readTo: number;
}

/** When a customer said no to being compared, or was erased, in the order of facts. */
interface Ended {
  readonly seq: number;
  readonly without: (result: CallResult) => CallResult;
}

/**
 * What a process found of a voice before it read that its owner had said no is not written. The caller holds the event log's lock:
 * what is written before the fact is committed, its reader finds (voice-forgetting.ts), and what is written after it, this does.
 */
export async function withoutEndedVoices(
  em: EntityManager,
  tenantId: TenantId,
  writes: readonly QueuedWrite[],
): Promise<QueuedWrite[]> {
  const ofVoice = writes.filter(hasVoice);
  if (ofVoice.length === 0) return [...writes];
  const ended = await endedSince(em, tenantId, Math.min(...ofVoice.map(({ readTo }) => readTo)));
  if (ended.size === 0) return [...writes];
  return writes.map((write) => {
    const customerId = write.result?.claimedCustomerId ?? null;
    const ending = customerId === null ? undefined : ended.get(customerId);
    if (!hasVoice(write) || ending === undefined || ending.seq <= write.readTo) return write;
    const result = ending.without(write.result);
    return { ...write, result, payload: 'result' in write.payload ? { ...write.payload, result } : result };
  });
}

function hasVoice(write: QueuedWrite): write is QueuedWrite & { readonly result: CallResult } {
  return write.result !== undefined && write.result.verification.netSpeechMs > 0;
}

async function endedSince(
  em: EntityManager,
  tenantId: TenantId,
  seq: number,
): Promise<ReadonlyMap<CustomerId, Ended>> {
  const ended = new Map<CustomerId, Ended>();
  const all = { upTo: Number.MAX_SAFE_INTEGER, limit: 100_000 };
  for (const fact of await readActions(em, tenantId, seq, [...sayingNo, 'customer-erased'], all)) {
    const said = saidNo(fact);
    if (said?.purposes.some((purpose) => purpose !== 'fraud-watchlist'))
      ended.set(said.customerId, { seq: fact.seq, without: withoutVoice });
    if (fact.action === 'customer-erased')
      ended.set(fact.subject.id, { seq: fact.seq, without: erasedResult });
  }
  return ended;
}
