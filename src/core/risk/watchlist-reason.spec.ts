import { describe, expect, it } from '@jest/globals';
import type { CallId, WatchlistEntryId, WatchlistId } from '../ids.js';
import { defaultPolicy, policySchema } from '../policy/policy.js';
import type { VerificationResult } from '../speaker/verification.js';
import { assessRisk } from './assess-risk.js';
import { mergeReasons } from './merge-reasons.js';
import type { ReasonEvidence } from './risk-reason.js';

const match = (llr: number): ReasonEvidence['watchlist-match'] => ({
  listId: 'list' as WatchlistId,
  listName: 'gang-7',
  entryId: 'entry' as WatchlistEntryId,
  cosine: 0.8,
  llr,
  falseMatchProbability: 0.0005,
  entries: 1200,
  netSpeechMs: 8400,
  span: { startMs: 0, endMs: 12_000 },
  modelId: 'model',
});
const verification: VerificationResult = {
  resultId: 1,
  state: 'accepted',
  reason: 'evidence-above-accept-threshold',
  llr: 9,
  posterior: 1,
  thresholds: null,
  netSpeechMs: 8400,
  minNetSpeechMs: 5000,
  span: null,
  quality: [],
  consentId: null,
};
const assess = (watchlistMatch?: ReasonEvidence['watchlist-match']) =>
  assessRisk(
    {
      callId: 'call' as CallId,
      customerId: null,
      verification,
      accountEvents: [],
      failedKnowledgeChecks: 0,
      signals: {},
      watchlistMatch,
    },
    defaultPolicy,
  );

describe('a watchlist match', () => {
  it('raises a flag by itself, weighed by the llr corrected for the number of entries', () => {
    const { raisesFlag, reasons, evidenceNats } = assess(match(3.7));
    expect(raisesFlag).toBe(true);
    expect(reasons).toMatchObject([{ code: 'watchlist-match', group: 'voice', weightNats: 3.7 }]);
    expect(evidenceNats).toBe(3.7);
    expect(assess().raisesFlag).toBe(false);
  });

  it('says in words what it rests on, and not which list: agents read it too', () => {
    const [reason] = assess(match(3.7)).reasons;
    expect(reason?.text).toBe(
      'The voice is like one on a watchlist: among 1,200 entries, a caller who is on no list comes this close in 1 in 2,000 calls (llr 3.7, corrected for the number of entries), on 8.4 s of net speech.',
    );
  });

  it('growing louder does not put a decided flag back into the queue', () => {
    const [before, after] = [assess(match(3.7)).reasons, assess(match(5)).reasons];
    const merged = mergeReasons(before, after, defaultPolicy.risk);
    expect(merged).toMatchObject({ strengthened: ['watchlist-match'], newEvidence: false });
    expect(mergeReasons([], after, defaultPolicy.risk).newEvidence).toBe(true);
  });

  it('is judged by the shipped rules where a stored policy is older than watchlists', () => {
    const { watchlist, version, ...older } = defaultPolicy;
    expect(policySchema.parse(older).watchlist).toEqual(watchlist);
    expect(version).toBe(0);
  });
});
