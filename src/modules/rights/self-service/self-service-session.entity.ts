import { Column, Entity, PrimaryColumn } from 'typeorm';
import type {
  CustomerId,
  SelfServiceLinkId,
  SelfServiceSessionId,
  TenantId,
  TokenId,
} from '../../../core/ids.js';
import type { Scope } from './scopes.js';

/** What of a visit its requests go by. */
export type Visit = Omit<SelfServiceSession, 'secretHash' | 'openedAt'>;

/** One visit to the customer page, of one person. Gone when it ends. */
@Entity('self_service_sessions')
export class SelfServiceSession {
  @PrimaryColumn('uuid', { name: 'session_id' })
  sessionId!: SelfServiceSessionId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('uuid', { name: 'link_id' })
  linkId!: SelfServiceLinkId;

  @Column('uuid', { name: 'issued_by' })
  issuedBy!: TokenId;

  @Column('text', { array: true })
  scopes!: Scope[];

  @Column('text', { nullable: true })
  language!: string | null;

  /** SHA-256 of what the cookie holds. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash!: Buffer;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  /** Moved on by every request. */
  @Column('timestamptz', { name: 'idle_ends_at' })
  idleEndsAt!: Date;

  /** Not moved on by anything. */
  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;
}
