import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConsentId, CustomerId, TenantId, TokenId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';

/** One line of the ledger; the database refuses to change or delete one. */
@Entity('consents')
export class ConsentEntryRow {
  /** Given by the database in the order of recording. */
  @PrimaryColumn('bigint', { name: 'entry_id', generated: 'increment' })
  entryId!: string;

  @Column('uuid', { name: 'consent_id' })
  consentId!: ConsentId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text')
  kind!: 'granted' | 'withdrawn';

  @Column('text', { array: true })
  purposes!: Purpose[];

  @Column('text', { name: 'notice_version' })
  noticeVersion!: string;

  @Column('text', { name: 'notice_language' })
  noticeLanguage!: string;

  /** The very words the person agreed to. */
  @Column('text', { name: 'notice_text' })
  noticeText!: string;

  @Column('text')
  method!: string;

  @Column('timestamptz', { name: 'given_at' })
  givenAt!: Date;

  @Column('timestamptz', { name: 'valid_until', nullable: true })
  validUntil!: Date | null;

  /** Of salt and reference in consent_proofs; null without one. */
  @Column('bytea', { name: 'proof_sha256', nullable: true })
  proofSha256!: Buffer | null;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  @Column('uuid', { name: 'recorded_by', nullable: true })
  recordedBy!: TokenId | null;

  /** Its number in the tenant's chain, without gaps: the order of recording. */
  @Column('bigint')
  seq!: string;

  @Column('bytea', { name: 'previous_hash' })
  previousHash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
