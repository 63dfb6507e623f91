import type { Ruling } from './pack.js';

export interface Decided<T> {
  readonly value: T;
  readonly decidedBy: Ruling;
}

/** The one with the lowest measure; of equals the first, so that the order of the packs decides. */
export function lowestBy<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || measure(item) < measure(best) ? item : best),
    undefined,
  );
}

/** What Timbre does whatever the law (docs/privacy-law.md, "Rules for the product"). */
export function houseRule(rule: Ruling['rule'], article: string): Ruling {
  return { packId: 'timbre', rule, article };
}
