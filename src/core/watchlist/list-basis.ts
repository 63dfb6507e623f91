/**
 * On what ground voices are kept on a list, and callers held against it, without their own consent. Which national law makes a
 * ground hold is for the tenant's counsel to say; the words are stored with the list (privacy-law.md, rule 9).
 */
export const grounds = [
  /** GDPR Art. 9(2)(a): every person on the list, and every caller screened, has consented. */
  'explicit-consent',
  /** GDPR Art. 9(2)(f): establishment, exercise or defence of legal claims. */
  'legal-claims',
  /** GDPR Art. 9(2)(g): substantial public interest, on the basis of Union or Member State law. */
  'substantial-public-interest',
  /** CCPA 1798.105(d)(2), 1798.140(e)(2): to detect and protect against fraudulent activity. */
  'security-exception',
] as const;
export type Ground = (typeof grounds)[number];

/** Where the person's own consent or release is the only way, whatever ground the tenant has elsewhere. */
export const consentOnlyResidences: Readonly<Record<string, string>> = {
  'US-IL': 'BIPA, 740 ILCS 14/15(b): written release',
  'US-TX': 'CUBI, Bus. & Com. Code 503.001(b): inform and consent',
  'US-VA': 'VCDPA, 59.1-578(A)(5): opt-in consent',
  'US-CO': 'CPA, 6-1-1308(7) and 6-1-1314: opt-in consent',
};

export interface ListBasis {
  readonly ground: Ground;
  /** Residences (ISO 3166, such as DE or US-CA) for which the tenant has documented that the ground holds. */
  readonly residences: readonly string[];
  /** Documented for people whose residence is not known too. */
  readonly unknownResidence: boolean;
  /** From then on the approval no longer counts: nothing is screened or added until somebody has reviewed it. */
  readonly reviewByMs: number;
}

/** Residences in a basis that no documented ground can cover, with the law that says so. */
export function uncoverable(
  residences: readonly string[],
): { readonly residence: string; readonly law: string }[] {
  return residences.flatMap((residence) => {
    const law = consentOnlyResidences[residence];
    return law === undefined ? [] : [{ residence, law }];
  });
}

/** Whether the documented ground reaches this person without their own consent. */
export function coversWithoutConsent(basis: ListBasis, residence: string | null): boolean {
  if (basis.ground === 'explicit-consent') return false;
  if (residence === null) return basis.unknownResidence;
  return consentOnlyResidences[residence] === undefined && basis.residences.includes(residence);
}
