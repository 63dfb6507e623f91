import { clopperPearson, type ShareInterval } from './clopper-pearson.js';

/** Sums over clusters of `trials` (m) and `events` (k): a cluster is one call with all voices it was held against. Counts only. */
export interface ClusterSums {
  readonly clusters: number;
  readonly trials: number;
  readonly events: number;
  /** Σ m², Σ k², Σ m·k. */
  readonly trialsSquared: number;
  readonly eventsSquared: number;
  readonly eventsByTrials: number;
}

export interface ClusteredShare extends ShareInterval {
  readonly share: number;
  /** Independent trials that would say as much. */
  readonly effectiveTrials: number;
}

/**
 * A share with its exact interval by cluster, not by trial: Clopper and Pearson's for the effective number of trials, which is what
 * would have the variance of the ratio over clusters (Korn and Graubard, Survey Methodology 24, 1998). `people`: whose clusters they
 * are; several clusters of one person count as one, as if they were wholly alike. Where all clusters are alike nothing can be told
 * of their variance, and each person counts as one trial.
 */
export function clusteredShare(sums: ClusterSums, people: number): ClusteredShare {
  const { clusters, trials, events, trialsSquared, eventsSquared, eventsByTrials } = sums;
  const share = events / trials;
  const independent = Math.min(people, clusters);
  const spread = eventsSquared - 2 * share * eventsByTrials + share ** 2 * trialsSquared;
  const variance = clusters > 1 ? ((clusters / (clusters - 1)) * Math.max(0, spread)) / trials ** 2 : 0;
  const byVariance = variance > 0 ? (share * (1 - share)) / variance : clusters;
  const effective = Math.min(trials, byVariance) * (independent / clusters);
  const effectiveTrials = Math.max(effective, Math.min(1, trials));
  return { share, effectiveTrials, ...clopperPearson(share * effectiveTrials, effectiveTrials) };
}
