import type { PolicyDocument } from '../policy/policy.js';
import type { LegalPack } from './packs/pack.js';
import { packsFor } from './packs/registry.js';

/** A person as far as the laws ask. */
export interface Subject {
  readonly packs: readonly LegalPack[];
  readonly lastInteractionMs: number;
}

export function subjectOf(
  person: { readonly residence: string | null; readonly lastInteractionMs: number },
  { privacy }: Pick<PolicyDocument, 'privacy'>,
): Subject {
  return {
    packs: packsFor(person.residence, privacy.packs, privacy.everywhere),
    lastInteractionMs: person.lastInteractionMs,
  };
}
