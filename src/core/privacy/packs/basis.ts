import { consentMethods, type ConsentMethod } from '../consent.js';
import {
  consentKinds,
  noticeItems,
  type BasisRule,
  type ConsentKind,
  type LegalPack,
  type NoticeItem,
  type Ruling,
} from './pack.js';
import { addPeriod } from './period.js';
import { rulingOf } from './registry.js';
import { houseRule, lowestBy, type Decided } from './strictest.js';

/** No law asks for less than nothing: Timbre makes no voiceprint of anybody who has not agreed to it. */
const house: BasisRule = {
  article: 'Timbre rule 1: no biometric before the gate',
  consent: 'informed-consent',
  methods: consentMethods,
};

export interface RequiredConsent {
  readonly consent: ConsentKind;
  /** Those that every pack takes. */
  readonly methods: readonly ConsentMethod[];
  readonly decidedBy: Ruling;
}

/** What must be there before anything biometric is done: the strictest kind, given in a way that every pack takes. */
export function requiredConsent(packs: readonly LegalPack[]): RequiredConsent {
  const rules = [
    ...packs.map((pack) => ({
      ...pack.rules.basis,
      ruling: rulingOf(pack, 'basis', pack.rules.basis.article),
    })),
    { ...house, ruling: houseRule('basis', house.article) },
  ];
  const [first, ...rest] = rules as [(typeof rules)[number], ...typeof rules];
  const strictest = rest.reduce((best, rule) => (rankOf(rule) > rankOf(best) ? rule : best), first);
  const methods = consentMethods.filter((method) => rules.every((rule) => rule.methods.includes(method)));
  return { consent: strictest.consent, methods, decidedBy: strictest.ruling };
}

export type MethodJudgement =
  | { readonly kind: 'permitted'; readonly decidedBy: Ruling }
  | { readonly kind: 'refused'; readonly decidedBy: Ruling; readonly methods: readonly ConsentMethod[] };

/** Whether consent given in this way is enough for this person. */
export function judgeMethod(packs: readonly LegalPack[], method: ConsentMethod): MethodJudgement {
  const required = requiredConsent(packs);
  const against = packs.find((pack) => !pack.rules.basis.methods.includes(method));
  if (against === undefined) return { kind: 'permitted', decidedBy: required.decidedBy };
  const decidedBy = rulingOf(against, 'basis', against.rules.basis.article);
  return { kind: 'refused', decidedBy, methods: required.methods };
}

/** When consent must have been asked for again, counted from the last interaction; undefined: the packs do not ask. */
export function renewalDueMs(
  packs: readonly LegalPack[],
  lastInteractionMs: number,
): Decided<number> | undefined {
  const due = packs.flatMap((pack) => {
    const rule = pack.rules.renewal;
    return rule === null
      ? []
      : [
          {
            value: addPeriod(lastInteractionMs, rule.afterLastInteraction),
            decidedBy: rulingOf(pack, 'renewal', rule.article),
          },
        ];
  });
  return lowestBy(due, ({ value }) => value);
}

export interface RequiredNotice {
  /** All that any pack asks for, each with who asks. */
  readonly contents: readonly Decided<NoticeItem>[];
  /** Who asks that the person has it in writing; null: nobody. */
  readonly inWriting: Ruling | null;
}

export function requiredNotice(packs: readonly LegalPack[]): RequiredNotice {
  const contents = noticeItems.flatMap((item) => {
    const asking = packs.find(({ rules }) => rules.notice.contents.includes(item));
    return asking === undefined
      ? []
      : [{ value: item, decidedBy: rulingOf(asking, 'notice', asking.rules.notice.article) }];
  });
  const inWriting = packs.find(({ rules }) => rules.notice.inWriting);
  return {
    contents,
    inWriting: inWriting === undefined ? null : rulingOf(inWriting, 'notice', inWriting.rules.notice.article),
  };
}

/** Consent can always be taken back: where no law says so, Timbre does. */
export function withdrawalRule(packs: readonly LegalPack[]): Ruling {
  const stopping = packs.find(({ rules }) => rules.withdrawal?.effect === 'stops');
  return stopping?.rules.withdrawal == null
    ? houseRule('withdrawal', 'Timbre rule 2: withdrawal is one call, one click, one sentence')
    : rulingOf(stopping, 'withdrawal', stopping.rules.withdrawal.article);
}

export type ChildJudgement =
  | { readonly kind: 'own-consent' }
  | { readonly kind: 'guardian'; readonly fromAge: number; readonly decidedBy: Ruling };

/** Whether somebody of this age can agree for themselves. */
export function judgeAge(packs: readonly LegalPack[], ageYears: number): ChildJudgement {
  const strictest = lowestBy(
    packs.flatMap((pack) => (pack.rules.children === null ? [] : [{ pack, rule: pack.rules.children }])),
    ({ rule }) => -rule.ownConsentFromAge,
  );
  if (strictest === undefined || ageYears >= strictest.rule.ownConsentFromAge) return { kind: 'own-consent' };
  const { pack, rule } = strictest;
  return {
    kind: 'guardian',
    fromAge: rule.ownConsentFromAge,
    decidedBy: rulingOf(pack, 'children', rule.article),
  };
}

function rankOf({ consent }: BasisRule): number {
  return consentKinds.indexOf(consent);
}
