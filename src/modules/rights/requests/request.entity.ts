import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, RequestId, TenantId, TokenId } from '../../../core/ids.js';
import type { PackId, RequestKind, Ruling } from '../../../core/privacy/packs/pack.js';
import type { ReminderKind } from '../../../core/privacy/requests/reminders.js';
import type {
  Authority,
  IdentityMethod,
  ObjectionScope,
  RefusalReason,
  RequestChannel,
  RequestState,
} from '../../../core/privacy/requests/request.js';

/** One request of a person about their data. Its history is in the audit log; here is how it stands. */
@Entity('requests')
export class RightsRequest {
  @PrimaryColumn('uuid', { name: 'request_id' })
  requestId!: RequestId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  /** Of an erased person it leads nowhere. */
  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text')
  kind!: RequestKind;

  /** Of an objection or a limit; of others none. */
  @Column('text', { array: true })
  scopes!: ObjectionScope[];

  @Column('text')
  channel!: RequestChannel;

  /** On what ground somebody else asks for the person; null: the person asks. */
  @Column('text', { nullable: true })
  authority!: Authority | null;

  @Column('text', { name: 'authority_proof', nullable: true })
  authorityProof!: string | null;

  @Column('uuid', { name: 'appeal_of', nullable: true })
  appealOf!: RequestId | null;

  @Column('text')
  state!: RequestState;

  /** The packs that protected the person when the request came. */
  @Column('text', { array: true })
  packs!: PackId[];

  /** Which rule set the date. */
  @Column('jsonb', { name: 'due_by' })
  dueBy!: Ruling;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'due_at' })
  dueAt!: Date;

  @Column('timestamptz', { name: 'extendable_to', nullable: true })
  extendableTo!: Date | null;

  @Column('timestamptz', { name: 'extended_at', nullable: true })
  extendedAt!: Date | null;

  @Column('text', { name: 'extension_reason', nullable: true })
  extensionReason!: string | null;

  @Column('timestamptz', { name: 'confirm_receipt_by', nullable: true })
  confirmReceiptBy!: Date | null;

  @Column('timestamptz', { name: 'receipt_confirmed_at', nullable: true })
  receiptConfirmedAt!: Date | null;

  @Column('text', { name: 'identity_method', nullable: true })
  identityMethod!: IdentityMethod | null;

  @Column('boolean', { name: 'identity_passed', nullable: true })
  identityPassed!: boolean | null;

  /** The business's own number of the check: never a document. */
  @Column('text', { name: 'identity_reference', nullable: true })
  identityReference!: string | null;

  @Column('timestamptz', { name: 'identity_checked_at', nullable: true })
  identityCheckedAt!: Date | null;

  @Column('uuid', { name: 'identity_checked_by', nullable: true })
  identityCheckedBy!: TokenId | null;

  /** When a bundle was first handed out. */
  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt!: Date | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt!: Date | null;

  /** Null: Timbre itself carried it out. */
  @Column('uuid', { name: 'answered_by', nullable: true })
  answeredBy!: TokenId | null;

  @Column('text', { name: 'refusal_reason', nullable: true })
  refusalReason!: RefusalReason | null;

  @Column('text', { name: 'refusal_article', nullable: true })
  refusalArticle!: string | null;

  /** What the person was told with the answer. */
  @Column('text', { nullable: true })
  explanation!: string | null;

  @Column('uuid', { name: 'erasure_id', nullable: true })
  erasureId!: string | null;

  @Column('text', { array: true })
  reminded!: ReminderKind[];

  @Column('uuid', { name: 'opened_by', nullable: true })
  openedBy!: TokenId | null;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}
