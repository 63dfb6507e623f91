const firstMs = 500;
const longestMs = 15_000;

/** Full jitter: any time up to the doubled wait, so that a thousand pages do not come back at once. */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(Math.min(longestMs, firstMs * 2 ** attempt) * random);
}
