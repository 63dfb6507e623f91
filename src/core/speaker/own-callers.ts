import { clusteredShare, type ClusteredShare } from '../evaluation/clustered-share.js';

/** Net evidence of one ended call, as it counts: nothing of who called or of their voice. */
export interface MeasuredCall {
  /** llr against voiceprints of other customers. */
  readonly strangerLlrs: readonly number[];
  /** Against the caller's own, of a call that ended accepted; null of any other. */
  readonly ownLlr: number | null;
  /** Nobody's earlier call counted for the same person here. */
  readonly isNewCaller: boolean;
}

/**
 * All that is kept of what a tenant's own callers taught: at each edge (`llrEdges`) how many comparisons lie above it. A call is one
 * cluster, so the squares and products that its variance needs are summed beside the counts, and no call has to be told from another.
 */
export interface OwnCallerCounts {
  readonly calls: number;
  readonly callers: number;
  readonly pairs: number;
  /** Σ pairs² over calls. */
  readonly pairsSquared: number;
  /** Pairs above each edge, and over calls Σ of their squares and of their products with the call's pairs. */
  readonly above: readonly number[];
  readonly aboveSquared: readonly number[];
  readonly aboveByPairs: readonly number[];
  readonly own: number;
  readonly ownAbove: readonly number[];
}

const edgeStep = 0.25;
/** Below 0 nobody would be accepted by any costs; above 20 no calibrated llr lies. */
export const llrEdges: readonly number[] = Array.from({ length: 81 }, (_, i) => i * edgeStep);

/** Fewer say too little: an interval of 30 callers already reaches from a tenth of a small share to several times it. */
export const enoughCallers = 30;
export const enoughPairs = 3000;
/** Voiceprints of others that one call is held against. */
export const strangersPerCall = 50;

export const noCounts: OwnCallerCounts = {
  calls: 0,
  callers: 0,
  pairs: 0,
  pairsSquared: 0,
  above: llrEdges.map(() => 0),
  aboveSquared: llrEdges.map(() => 0),
  aboveByPairs: llrEdges.map(() => 0),
  own: 0,
  ownAbove: llrEdges.map(() => 0),
};

export function withCall(
  counts: OwnCallerCounts,
  { strangerLlrs, ownLlr, isNewCaller }: MeasuredCall,
): OwnCallerCounts {
  const pairs = strangerLlrs.length;
  const above = llrEdges.map((edge) => strangerLlrs.filter((llr) => llr > edge).length);
  const added = (sums: readonly number[], of: (count: number) => number): number[] =>
    sums.map((sum, i) => sum + of(above[i] ?? 0));
  return {
    calls: counts.calls + 1,
    callers: counts.callers + (isNewCaller ? 1 : 0),
    pairs: counts.pairs + pairs,
    pairsSquared: counts.pairsSquared + pairs ** 2,
    above: added(counts.above, (count) => count),
    aboveSquared: added(counts.aboveSquared, (count) => count ** 2),
    aboveByPairs: added(counts.aboveByPairs, (count) => count * pairs),
    own: counts.own + (ownLlr === null ? 0 : 1),
    ownAbove: counts.ownAbove.map((sum, i) => sum + (ownLlr !== null && ownLlr > (llrEdges[i] ?? 0) ? 1 : 0)),
  };
}

export function isEnough({ callers, pairs }: Pick<OwnCallerCounts, 'callers' | 'pairs'>): boolean {
  return callers >= enoughCallers && pairs >= enoughPairs;
}

/** Strangers that are accepted above a threshold: at the highest edge that is not above it, so rather too many than too few. */
export function strangersAccepted(counts: OwnCallerCounts, acceptLlr: number): ClusteredShare {
  return atEdge(
    counts,
    Math.max(
      0,
      llrEdges.findLastIndex((edge) => edge <= acceptLlr),
    ),
  );
}

/** The lowest edge above which at most this share of strangers lies; null where it is too small for what was counted. */
export function thresholdFor(counts: OwnCallerCounts, falseAcceptRate: number): number | null {
  const { above, pairs } = counts;
  const found = above.findIndex((count) => count <= falseAcceptRate * pairs);
  return llrEdges[found] ?? null;
}

function atEdge(counts: OwnCallerCounts, i: number): ClusteredShare {
  const { calls, callers, pairs, pairsSquared, above, aboveSquared, aboveByPairs } = counts;
  return clusteredShare(
    {
      clusters: calls,
      trials: pairs,
      events: above[i] ?? 0,
      trialsSquared: pairsSquared,
      eventsSquared: aboveSquared[i] ?? 0,
      eventsByTrials: aboveByPairs[i] ?? 0,
    },
    callers,
  );
}
