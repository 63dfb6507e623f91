import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CustomerId, RequestId, TenantId } from '../../core/ids.js';
import type { ObjectionScope } from '../../core/privacy/requests/request.js';

/** What a customer objected to, or limited. A consent given later for the same purpose is the newer word. */
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
  kind!: 'objection' | 'limit';

  @Column('text', { array: true })
  scopes!: ObjectionScope[];

  @Column('timestamptz')
  at!: Date;

  /** Taken back. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
