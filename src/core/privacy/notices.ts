import type { ConsentEntry, Purpose } from './consent.js';

/** One version of the words that people consent to, whatever the language. */
export interface NoticeVersion {
  readonly version: string;
  /** Null: it came with a consent and nobody has said which purposes it names. */
  readonly purposes: readonly Purpose[] | null;
  /** Consents under older versions no longer count once this one is in force. */
  readonly asksAgain: boolean;
  readonly effectiveFromMs: number;
}

/**
 * From when on a consent under `version` does not count for the purpose; null: it goes on counting. What answers a version
 * that asks again is that version or one published after it: words that merely came with a consent never do.
 */
export function asksAgainFromMs(
  purpose: Purpose,
  version: string,
  notices: readonly NoticeVersion[],
): number | null {
  const given = notices.find((notice) => notice.version === version);
  const publishedMs =
    given === undefined || given.purposes === null ? Number.NEGATIVE_INFINITY : given.effectiveFromMs;
  const asking = notices.filter(
    (notice) =>
      notice.asksAgain &&
      notice.version !== version &&
      notice.effectiveFromMs > publishedMs &&
      (notice.purposes === null || notice.purposes.includes(purpose)),
  );
  return asking.length === 0 ? null : Math.min(...asking.map(({ effectiveFromMs }) => effectiveFromMs));
}

/** The entry with the times from which its purposes are asked about again. */
export function withAskedAgain(
  entry: ConsentEntry,
  version: string,
  notices: readonly NoticeVersion[],
): ConsentEntry {
  if (entry.kind !== 'granted') return entry;
  const times = entry.purposes.flatMap((purpose) => {
    const fromMs = asksAgainFromMs(purpose, version, notices);
    return fromMs === null ? [] : [[purpose, fromMs] as const];
  });
  return times.length === 0 ? entry : { ...entry, askedAgainFromMs: Object.fromEntries(times) };
}

/**
 * The ledger as the people gave it. Being asked again ends the use of a voiceprint at once, but is no withdrawal: until its
 * own date it waits, unused, for the answer. So it does under a limit (GDPR Art. 18(1)); who objects withdraws as well.
 */
export function asGiven(ledger: readonly ConsentEntry[]): ConsentEntry[] {
  return ledger.flatMap((entry): ConsentEntry[] => {
    if (entry.kind === 'objected') return [];
    if (entry.kind === 'withdrawn') return [entry];
    const { kind, consentId, purposes, method, givenAtMs, validUntilMs } = entry;
    return [{ kind, consentId, purposes, method, givenAtMs, validUntilMs }];
  });
}
