import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, RequestId, TenantId } from '../../../core/ids.js';
import type { ObjectionScope } from '../../../core/privacy/requests/request.js';

/**
 * What a customer objected to, or limited, and that they took one back. A consent given later for the same purpose is the newer
 * word. Rows are only ever added, and go with the customer's.
 */
@Entity('objections')
export class Objection {
  @PrimaryColumn('uuid', { name: 'objection_id' })
  objectionId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('uuid', { name: 'request_id' })
  requestId!: RequestId;

  /** A limit keeps what is there, unused; an objection ends it. */
  @Column('text')
  kind!: 'objection' | 'limit' | 'taken-back';

  @Column('text', { array: true })
  scopes!: ObjectionScope[];

  @Column('timestamptz')
  at!: Date;

  /** Which one, of what was taken back. */
  @Column('uuid', { name: 'takes_back', nullable: true })
  takesBack!: string | null;
}
