import type { LegalPack, RequestKind, RequestRule, Ruling } from './pack.js';
import { addPeriod } from './period.js';
import { rulingOf } from './registry.js';
import { houseRule, lowestBy, type Decided } from './strictest.js';

export interface RequestClock {
  /** `timbre`: no pack gives the right, and the product answers all the same. */
  readonly dueMs: number;
  readonly decidedBy: Ruling;
  /** The latest date with a reason told in time; null: it can't be put off. */
  readonly extended: Decided<number> | null;
  /** Until when receipt must be confirmed; null: nobody asks. */
  readonly confirmBy: Decided<number> | null;
}

/** For people whom no pack gives the right: as most of the packs do. */
const house: RequestRule = {
  article: 'Timbre rule 7: requests have a clock',
  answerWithin: { days: 45 },
  extension: { days: 45 },
  confirmReceiptWithin: null,
};

/** The clock of a request: of all packs that give the right, the earliest date of each kind. */
export function requestClock(
  packs: readonly LegalPack[],
  kind: RequestKind,
  receivedMs: number,
): RequestClock {
  const granting = packs.flatMap((pack) => {
    const rule = pack.rules[kind];
    return rule === null ? [] : [{ rule, ruling: rulingOf(pack, kind, rule.article) }];
  });
  const rules = granting.length > 0 ? granting : [{ rule: house, ruling: houseRule(kind, house.article) }];
  const [first, ...rest] = rules.map(({ rule, ruling }) => ({
    value: addPeriod(receivedMs, rule.answerWithin),
    decidedBy: ruling,
  })) as [Decided<number>, ...Decided<number>[]];
  const due = lowestBy([first, ...rest], ({ value }) => value) ?? first;
  const confirmations = rules.flatMap(({ rule, ruling }) =>
    rule.confirmReceiptWithin === null
      ? []
      : [{ value: addPeriod(receivedMs, rule.confirmReceiptWithin), decidedBy: ruling }],
  );
  return {
    dueMs: due.value,
    decidedBy: due.decidedBy,
    extended: extendedDate(rules, receivedMs),
    confirmBy: lowestBy(confirmations, ({ value }) => value) ?? null,
  };
}

/** The last date that no pack forbids: a pack without an extension ends it at its own date. */
function extendedDate(
  rules: readonly { readonly rule: RequestRule; readonly ruling: Ruling }[],
  receivedMs: number,
): Decided<number> | null {
  if (rules.some(({ rule }) => rule.extension === null)) return null;
  const latest = rules.map(({ rule, ruling }) => ({
    value: addPeriod(addPeriod(receivedMs, rule.answerWithin), rule.extension ?? { days: 0 }),
    decidedBy: ruling,
  }));
  return lowestBy(latest, ({ value }) => value) ?? null;
}

/** Who gives the right; null: no pack does. */
export function rightTo(packs: readonly LegalPack[], kind: RequestKind): Ruling | null {
  const pack = packs.find(({ rules }) => rules[kind] !== null);
  const rule = pack?.rules[kind];
  return pack === undefined || rule == null ? null : rulingOf(pack, kind, rule.article);
}

/** Who asks that a universal opt-out signal (Global Privacy Control) is honoured; null: nobody. */
export function optOutSignalRule(packs: readonly LegalPack[]): Ruling | null {
  const pack = packs.find(({ rules }) => rules.optOutSignal !== null);
  return pack?.rules.optOutSignal == null
    ? null
    : rulingOf(pack, 'optOutSignal', pack.rules.optOutSignal.article);
}

export interface BreachClock {
  readonly tellAuthorityBy: Decided<number> | null;
  /** Null: without undue delay, no date. */
  readonly tellPersonsBy: Decided<number> | null;
}

/** Until when a breach must be told, counted from when it became known. */
export function breachClock(packs: readonly LegalPack[], knownMs: number): BreachClock {
  const rules = packs.flatMap((pack) =>
    pack.rules.breach === null
      ? []
      : [{ rule: pack.rules.breach, decidedBy: rulingOf(pack, 'breach', pack.rules.breach.article) }],
  );
  const authority = rules.flatMap(({ rule, decidedBy }) =>
    rule.tellAuthorityWithin === null
      ? []
      : [{ value: addPeriod(knownMs, rule.tellAuthorityWithin), decidedBy }],
  );
  const persons = rules.flatMap(({ rule, decidedBy }) =>
    rule.tellPersonsWithin === 'undue-delay'
      ? []
      : [{ value: addPeriod(knownMs, rule.tellPersonsWithin), decidedBy }],
  );
  return {
    tellAuthorityBy: lowestBy(authority, ({ value }) => value) ?? null,
    tellPersonsBy: lowestBy(persons, ({ value }) => value) ?? null,
  };
}

/** How long the proof of consent and the record of requests are kept at the least, in months; null: no number is given. */
export function proofMonthsAtLeast(packs: readonly LegalPack[]): Decided<number> | null {
  const rules = packs.flatMap((pack) => {
    const rule = pack.rules.proof;
    return rule?.keepAtLeast != null && 'months' in rule.keepAtLeast
      ? [{ value: rule.keepAtLeast.months, decidedBy: rulingOf(pack, 'proof', rule.article) }]
      : [];
  });
  return lowestBy(rules, ({ value }) => -value) ?? null;
}
