import type { DocumentedGround, LegalPack, Ruling } from './pack.js';
import { rulingOf } from './registry.js';
import { houseRule } from './strictest.js';

export type GroundJudgement =
  | { readonly kind: 'permitted'; readonly decidedBy: Ruling }
  | { readonly kind: 'consent-needed'; readonly decidedBy: Ruling };

/** Whether a ground that the tenant has documented holds for a person who has not agreed: every pack of theirs must know it. */
export function judgeGround(packs: readonly LegalPack[], ground: DocumentedGround): GroundJudgement {
  const against = packs.find(({ rules }) => !rules.watchlist.groundsWithoutConsent.includes(ground));
  if (against !== undefined)
    return {
      kind: 'consent-needed',
      decidedBy: rulingOf(against, 'watchlist', against.rules.watchlist.article),
    };
  const [first] = packs;
  return {
    kind: 'permitted',
    decidedBy:
      first === undefined
        ? houseRule('watchlist', 'Timbre rule 9: a documented basis, a reviewer, an expiry')
        : rulingOf(first, 'watchlist', first.rules.watchlist.article),
  };
}
