import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../../core/auth/principal.js';
import type { TenantId, TokenId } from '../../../core/ids.js';

@Entity('api_tokens')
export class ApiToken {
  @PrimaryColumn('uuid', { name: 'token_id' })
  tokenId!: TokenId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  role!: Role;

  @Column('text')
  label!: string;

  @Column('bytea', { name: 'token_hash' })
  tokenHash!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
