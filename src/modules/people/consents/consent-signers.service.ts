import { Inject, Injectable } from '@nestjs/common';
import { calculateJwkThumbprint } from 'jose';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { readSigners, type ConsentSigner } from './consent-signer.js';
import { algorithmOf, type PublicJwk } from './public-jwk.js';

/** Whose signatures on consents are taken. A revoked signer signs nothing new; what it signed before stands. */
@Injectable()
export class ConsentSignersService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(tenantId: TenantId): Promise<ConsentSigner[]> {
    return this.database.forTenant(tenantId, readSigners);
  }

  async add({ tenantId, tokenId }: Principal, name: string, publicJwk: PublicJwk): Promise<ConsentSigner> {
    const signerId = await calculateJwkThumbprint(publicJwk);
    const algorithm = algorithmOf[publicJwk.kty];
    const addedAt = new Date(this.clock.nowMs());
    const made = await this.database.forTenant(tenantId, async (em) => {
      const rows = await em.query<unknown[]>(
        `INSERT INTO consent_signers (tenant_id, signer_id, name, algorithm, public_jwk, added_at, added_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING signer_id`,
        [tenantId, signerId, name, algorithm, publicJwk, addedAt, tokenId],
      );
      if (rows.length === 0) return false;
      const subject = { kind: 'consent-signer', id: signerId } as const;
      const event = { action: 'consent-signer-added', by: tokenId, subject, details: { algorithm } } as const;
      await recordFact(em, tenantId, addedAt, event);
      return true;
    });
    if (!made)
      throw new ProblemError(409, 'signer-exists', 'This key is there already', {
        detail: 'A key that was revoked does not come back: make another.',
      });
    return { signerId, name, algorithm, publicJwk, addedAt, addedBy: tokenId, revokedAt: null };
  }

  /** False when there is none, or it has been revoked already. */
  async revoke({ tenantId, tokenId }: Principal, signerId: string): Promise<boolean> {
    const at = new Date(this.clock.nowMs());
    return this.database.forTenant(tenantId, async (em) => {
      const [, revoked] = await em.query<[unknown, number]>(
        'UPDATE consent_signers SET revoked_at = $2 WHERE signer_id = $1 AND revoked_at IS NULL',
        [signerId, at],
      );
      const subject = { kind: 'consent-signer', id: signerId } as const;
      if (revoked > 0)
        await recordFact(em, tenantId, at, { action: 'consent-signer-revoked', by: tokenId, subject });
      return revoked > 0;
    });
  }
}
