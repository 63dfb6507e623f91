import type { EntityManager } from 'typeorm';
import type { TokenId } from '../../../core/ids.js';
import type { PublicJwk } from './public-jwk.js';

/** A system of the business's whose signature on a consent is taken. */
export interface ConsentSigner {
  /** The key's thumbprint (RFC 7638): what a signature names in `kid`. */
  readonly signerId: string;
  readonly name: string;
  readonly algorithm: 'EdDSA' | 'ES256' | 'RS256';
  readonly publicJwk: PublicJwk;
  readonly addedAt: Date;
  readonly addedBy: TokenId | null;
  readonly revokedAt: Date | null;
}

/** Oldest first; row-level security keeps them to the tenant. */
export function readSigners(em: EntityManager): Promise<ConsentSigner[]> {
  return em.query(
    `SELECT signer_id AS "signerId", name, algorithm, public_jwk AS "publicJwk", added_at AS "addedAt",
       added_by AS "addedBy", revoked_at AS "revokedAt"
     FROM consent_signers ORDER BY added_at, signer_id`,
  );
}
