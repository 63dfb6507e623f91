import { clusteredShare, type ClusteredShare } from '../../src/core/evaluation/clustered-share.js';

export interface CallersTrial {
  /** Trials of one call are one cluster. */
  readonly call: string;
  readonly caller: string;
  readonly happened: boolean;
}

/** How often it happened, with its interval by caller. */
export function shareByCaller(trials: readonly CallersTrial[]): ClusteredShare {
  const calls = new Map<string, { trials: number; events: number }>();
  for (const { call, happened } of trials) {
    const one = calls.get(call) ?? { trials: 0, events: 0 };
    one.trials += 1;
    if (happened) one.events += 1;
    calls.set(call, one);
  }
  const sums = { trials: 0, events: 0, trialsSquared: 0, eventsSquared: 0, eventsByTrials: 0 };
  for (const one of calls.values()) {
    sums.trials += one.trials;
    sums.events += one.events;
    sums.trialsSquared += one.trials ** 2;
    sums.eventsSquared += one.events ** 2;
    sums.eventsByTrials += one.events * one.trials;
  }
  const callers = new Set(trials.map(({ caller }) => caller)).size;
  return clusteredShare({ clusters: calls.size, ...sums }, callers);
}

export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

export function withInterval({ share, low, high }: ClusteredShare): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)})`;
}
