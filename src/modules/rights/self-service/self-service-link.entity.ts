import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, SelfServiceLinkId, TenantId, TokenId } from '../../../core/ids.js';
import type { Scope } from './scopes.js';

/** A way into the customer page for one person, once. Gone as soon as it has expired. */
@Entity('self_service_links')
export class SelfServiceLink {
  @PrimaryColumn('uuid', { name: 'link_id' })
  linkId!: SelfServiceLinkId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text', { array: true })
  scopes!: Scope[];

  /** BCP 47: what the bank's site speaks with the person. */
  @Column('text', { nullable: true })
  language!: string | null;

  /** The token of the site that vouches for who this is. */
  @Column('uuid', { name: 'issued_by' })
  issuedBy!: TokenId;

  @Column('timestamptz', { name: 'issued_at' })
  issuedAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
