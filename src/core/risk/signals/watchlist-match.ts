import type { WatchlistEntryId, WatchlistId } from '../../ids.js';
import type { Found, RiskSignal } from '../signal.js';

export interface WatchlistMatch {
  readonly listId: WatchlistId;
  readonly listName: string;
  readonly entryId: WatchlistEntryId;
  readonly cosine: number;
  /** Corrected for the number of entries. */
  readonly llr: number;
  /** Chance of a best match this good for a caller who is on no list. */
  readonly falseMatchProbability: number;
  /** Entries that the call was held against. */
  readonly entries: number;
  readonly netSpeechMs: number;
  readonly span: { readonly startMs: number; readonly endMs: number };
  readonly modelId: string;
}
type Left = Pick<WatchlistMatch, 'listId' | 'listName'>;

export const watchlistMatch = {
  code: 'watchlist-match',
  group: 'voice',
  defaultWeightsNats: {},

  find({
    watchlistMatch: evidence,
  }: {
    readonly watchlistMatch?: WatchlistMatch | undefined;
  }): Found<WatchlistMatch> | undefined {
    return evidence && { weightNats: Math.max(0, evidence.llr), evidence };
  },

  /** Agents read this too: which list it is stays in the evidence. */
  text({ entries, falseMatchProbability, llr, netSpeechMs }: WatchlistMatch): string {
    const among = entries === 1 ? 'its one entry' : `${entries.toLocaleString('en-GB')} entries`;
    const chance =
      falseMatchProbability < 1e-6 ? 'less than 1 in a million' : `1 in ${oneIn(falseMatchProbability)}`;
    return (
      `The voice is like one on a watchlist: among ${among}, a caller who is on no list comes this close in ` +
      `${chance} calls (llr ${llr.toFixed(1)}, corrected for the number of entries), on ${(netSpeechMs / 1000).toFixed(1)} s of net speech.`
    );
  },
  agentText: 'The voice is like one on a fraud watchlist.',
  german: 'Die Stimme ähnelte der eines bekannten Betrügers.',

  measured: {
    // Made for screening, on whatever ground the list has: a no to being verified leaves it, one to being screened does not.
    madeFor: ['fraud-watchlist'],
    // Which voice of the list it was is what the measurement found.
    left: ({ listId, listName }: WatchlistMatch): Left => ({ listId, listName }),
    leftText: () => 'The voice was like one on a watchlist',
    movesWithSpeech: true,
  },
} as const satisfies RiskSignal<'watchlist-match', WatchlistMatch, Left>;

const oneIn = (probability: number): string =>
  Number((1 / probability).toPrecision(2)).toLocaleString('en-GB');
