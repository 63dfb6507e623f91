import type { Purpose } from '../../../core/privacy/consent.js';
import type { Notice } from '../../people/consents/notice.js';

/** The published version that a person reads today for a purpose, and the languages it is there in. */
export interface OfferedNotice {
  readonly version: string;
  readonly languages: readonly string[];
}

/** Undefined when no published notice names the purpose: it can't be consented to here. The newest in force counts. */
export function offeredNotice(
  purpose: Purpose,
  notices: readonly Notice[],
  nowMs: number,
): OfferedNotice | undefined {
  const inForce = notices.filter(
    ({ purposes, effectiveFrom }) => purposes?.includes(purpose) === true && effectiveFrom.getTime() <= nowMs,
  );
  // A version's further languages may be later than the next version's first.
  const newest = [...inForce].sort(
    (a, b) =>
      b.effectiveFrom.getTime() - a.effectiveFrom.getTime() || b.createdAt.getTime() - a.createdAt.getTime(),
  )[0];
  if (newest === undefined) return undefined;
  const { version } = newest;
  const languages = inForce.filter((one) => one.version === version).map(({ language }) => language);
  return { version, languages };
}
