import { bipa } from './bipa.js';
import { ccpa } from './ccpa.js';
import { cpa } from './cpa.js';
import { cubi } from './cubi.js';
import { gdpr } from './gdpr.js';
import { packIds, type LegalPack, type PackId, type RuleName, type Ruling } from './pack.js';
import { vcdpa } from './vcdpa.js';

export const packs: Readonly<Record<PackId, LegalPack>> = { gdpr, ccpa, vcdpa, cpa, bipa, cubi };

/** The tenant's switches. */
export interface PackSwitches {
  readonly packs: readonly PackId[];
  /** Of those, the ones that bind the tenant wherever its customers live (for one, GDPR Art. 3(1)). */
  readonly everywhere?: readonly PackId[];
}

/**
 * The packs that protect a person, in the order of `packIds`. Where it is not known in which of several places somebody lives
 * (no residence, or a country of which only states are covered), every switched-on pack that may apply does.
 */
export function packsFor(
  residence: string | null,
  enabled: readonly PackId[],
  everywhere: readonly PackId[] = [],
): readonly LegalPack[] {
  return packIds
    .filter((packId) => enabled.includes(packId))
    .filter((packId) => everywhere.includes(packId) || mayProtect(packs[packId], residence))
    .map((packId) => packs[packId]);
}

export function rulingOf(pack: LegalPack, rule: RuleName, article: string): Ruling {
  return { packId: pack.packId, rule, article };
}

function mayProtect({ territories }: LegalPack, residence: string | null): boolean {
  if (residence === null) return true;
  const [country] = residence.split('-') as [string];
  return territories.some(
    (territory) =>
      territory === residence ||
      territory === country ||
      (residence === country && territory.startsWith(`${country}-`)),
  );
}
