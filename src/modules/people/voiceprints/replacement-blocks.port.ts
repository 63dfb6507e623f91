import type { EntityManager } from 'typeorm';
import type { Owner } from './customer-keys.js';

/** What of a customer's calls stands in the way of a new voiceprint. Implemented by the quarters above, which know calls and flags. */
export interface ReplacementBlocks {
  /** Within the transaction of whoever asks; null: nothing. */
  blockNow(em: EntityManager, owner: Owner): Promise<'call-under-way' | 'flag-open' | null>;
}

export const REPLACEMENT_BLOCKS = Symbol('ReplacementBlocks');
