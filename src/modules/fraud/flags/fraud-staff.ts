import type { EntityManager } from 'typeorm';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { ApiToken } from '../../installation/tokens/api-token.entity.js';

/** Until people sign in by name, whoever reviews is who holds a token of the role fraud, by the token's label. */
export async function fraudStaff(
  em: EntityManager,
  tenantId: TenantId,
  now: Date,
): Promise<readonly { readonly tokenId: TokenId; readonly name: string }[]> {
  const tokens = await em.find(ApiToken, {
    where: { tenantId, role: 'fraud' },
    order: { label: 'ASC', tokenId: 'ASC' },
  });
  return tokens
    .filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > now))
    .map(({ tokenId, label }) => ({ tokenId, name: label }));
}
