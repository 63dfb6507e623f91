import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Role } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../facts/record-fact.js';
import { ApiToken } from './api-token.entity.js';
import { newToken, tokenHash } from './token-format.js';

export interface NewToken {
  readonly role: Role;
  readonly label: string;
  readonly expiresAt: Date | undefined;
}

export interface TokenDescription {
  readonly tokenId: TokenId;
  readonly role: Role;
  readonly label: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The token itself is in the answer and nowhere else: only its hash is kept. */
  async create(
    tenantId: TenantId,
    wanted: NewToken,
    by: TokenId | null = null,
  ): Promise<TokenDescription & { readonly token: string }> {
    const token = newToken(tenantId);
    const row = {
      tokenId: randomUUID() as string as TokenId,
      tenantId,
      role: wanted.role,
      label: wanted.label,
      tokenHash: tokenHash(token),
      createdAt: new Date(this.clock.nowMs()),
      expiresAt: wanted.expiresAt ?? null,
      revokedAt: null,
    };
    const { tokenId: id, role, createdAt, expiresAt } = row;
    await this.database.forTenant(tenantId, async (em) => {
      await em.insert(ApiToken, row);
      const details = { role, expiresAt: expiresAt?.toISOString() ?? null };
      const subject = { kind: 'token', id } as const;
      await recordFact(em, tenantId, createdAt, { action: 'token-created', by, subject, details });
    });
    return { ...describe(row), token };
  }

  async list(tenantId: TenantId): Promise<TokenDescription[]> {
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.find(ApiToken, { where: { tenantId }, order: { createdAt: 'ASC', tokenId: 'ASC' } }),
    );
    return rows.map(describe);
  }

  /** False when the tenant has no such token. Revoking twice keeps the first time. */
  async revoke(tenantId: TenantId, tokenId: TokenId, by: TokenId | null = null): Promise<boolean> {
    return this.database.forTenant(tenantId, async (em) => {
      const row = await em.findOneBy(ApiToken, { tenantId, tokenId });
      if (row === null) return false;
      if (row.revokedAt === null) {
        const revokedAt = new Date(this.clock.nowMs());
        await em.update(ApiToken, { tenantId, tokenId }, { revokedAt });
        const subject = { kind: 'token', id: tokenId } as const;
        const details = { role: row.role };
        await recordFact(em, tenantId, revokedAt, { action: 'token-revoked', by, subject, details });
      }
      return true;
    });
  }
}

function describe(
  row: Pick<ApiToken, 'tokenId' | 'role' | 'label' | 'createdAt' | 'expiresAt' | 'revokedAt'>,
): TokenDescription {
  return {
    tokenId: row.tokenId,
    role: row.role,
    label: row.label,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
