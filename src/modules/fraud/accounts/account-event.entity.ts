import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallId, CustomerId, TenantId, TokenId } from '../../../core/ids.js';
import type { AccountEventKind } from '../../../core/risk/account-event-kind.js';

@Entity('account_events')
export class AccountEvent {
  @PrimaryColumn('uuid', { name: 'account_event_id' })
  accountEventId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'call_id' })
  callId!: CallId;

  /** Whom the call was claimed for at that moment. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  customerId!: CustomerId | null;

  @Column('text')
  kind!: AccountEventKind;

  /** The tenant's own number of the transaction or ticket. */
  @Column('text', { nullable: true })
  reference!: string | null;

  @Column('timestamptz')
  at!: Date;

  @Column('uuid', { name: 'recorded_by', nullable: true })
  recordedBy!: TokenId | null;
}
