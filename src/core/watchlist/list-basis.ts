import { requiredConsent } from '../privacy/packs/basis.js';
import { documentedGrounds, type LegalPack, type Ruling } from '../privacy/packs/pack.js';
import { packsFor, type PackSwitches } from '../privacy/packs/registry.js';
import { judgeGround } from '../privacy/packs/watchlist.js';

/**
 * On what ground voices are kept on a list, and callers held against it. Which national law makes a documented ground hold is
 * for the tenant's counsel to say; the words are stored with the list (privacy-law.md, rule 9).
 */
export const grounds = [
  /** GDPR Art. 9(2)(a): every person on the list, and every caller screened, has consented. */
  'explicit-consent',
  ...documentedGrounds,
] as const;
export type Ground = (typeof grounds)[number];

export interface ListBasis {
  readonly ground: Ground;
  /** Residences (ISO 3166, such as DE or US-CA) for which the tenant has documented that the ground holds. */
  readonly residences: readonly string[];
  /** Documented for people whose residence is not known too. */
  readonly unknownResidence: boolean;
  /** From then on the approval no longer counts: nothing is screened or added until somebody has reviewed it. */
  readonly reviewByMs: number;
}

/** A person as a list sees them. */
export interface Listed {
  readonly residence: string | null;
  readonly packs: readonly LegalPack[];
}

/** Places in a basis that no documented ground can cover, with the rule that says so; null: an unknown one. */
export function uncoverable(
  { ground, residences, unknownResidence }: Pick<ListBasis, 'ground' | 'residences' | 'unknownResidence'>,
  { packs, everywhere }: PackSwitches,
): { readonly residence: string | null; readonly decidedBy: Ruling }[] {
  if (ground === 'explicit-consent') return [];
  return [...residences, ...(unknownResidence ? [null] : [])].flatMap((residence) => {
    const judged = judgeGround(packsFor(residence, packs, everywhere), ground);
    return judged.kind === 'permitted' ? [] : [{ residence, decidedBy: judged.decidedBy }];
  });
}

/** Whether the documented ground reaches this person without their own consent, and which rule says so. */
export function coversWithoutConsent(
  { ground, residences, unknownResidence }: ListBasis,
  { residence, packs }: Listed,
): Ruling | undefined {
  if (ground === 'explicit-consent') return undefined;
  const isDocumented = residence === null ? unknownResidence : residences.includes(residence);
  const judged = judgeGround(packs, ground);
  return isDocumented && judged.kind === 'permitted' ? judged.decidedBy : undefined;
}

/** Who asks for the person's own consent where the ground does not reach. */
export function consentRule({ ground }: ListBasis, { packs }: Listed): Ruling {
  return ground === 'explicit-consent'
    ? requiredConsent(packs).decidedBy
    : judgeGround(packs, ground).decidedBy;
}
