import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TokenId } from '../../../core/ids.js';
import type { Authenticator } from '../../../platform/auth/authenticator.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { FactFeed } from '../facts/fact-feed.js';
import { AccessEnds } from './access-ends.js';
import { ApiToken } from './api-token.entity.js';
import { tenantOf, tokenHash } from './token-format.js';

const keptMs = 5_000;
const keptAtMost = 10_000;

interface Kept {
  readonly principal: Principal;
  readonly untilMs: number;
}

/** Looks tokens up in the database and keeps what it found for five seconds; a revocation is read at once. */
@Injectable()
export class TokenAuthenticator implements Authenticator, OnModuleDestroy {
  private readonly kept = new Map<string, Kept>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly database: Database,
    private readonly ends: AccessEnds,
    feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.unsubscribe = feed.subscribe('tokens', (facts) => {
      for (const fact of facts) if (fact.action === 'token-revoked') this.forget(fact.subject.id);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  async authenticate(token: string): Promise<Principal | undefined> {
    const tenantId = tenantOf(token);
    if (tenantId === undefined) return undefined;
    const hash = tokenHash(token);
    const key = hash.toString('base64');
    const nowMs = this.clock.nowMs();
    const kept = this.kept.get(key);
    if (kept !== undefined && nowMs < kept.untilMs) return kept.principal;
    this.kept.delete(key);

    const row = await this.database.forTenant(tenantId, (em) =>
      em.findOneBy(ApiToken, { tenantId, tokenHash: hash }),
    );
    if (row === null || !timingSafeEqual(row.tokenHash, hash) || row.revokedAt !== null) return undefined;
    // Revoked since the row was read.
    if (this.ends.isRevoked(row.tokenId)) return undefined;
    const expiresMs = row.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    if (nowMs >= expiresMs) return undefined;
    const principal: Principal = {
      tenantId,
      tokenId: row.tokenId,
      role: row.role,
      ...(row.expiresAt && { expiresAtMs: expiresMs }),
    };
    if (this.kept.size >= keptAtMost) this.kept.clear();
    this.kept.set(key, { principal, untilMs: Math.min(nowMs + keptMs, expiresMs) });
    return principal;
  }

  private forget(tokenId: TokenId): void {
    for (const [key, { principal }] of this.kept) if (principal.tokenId === tokenId) this.kept.delete(key);
  }
}
