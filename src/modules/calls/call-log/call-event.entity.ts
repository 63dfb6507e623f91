import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { CallId, TenantId } from '../../../core/ids.js';

/** `result`: payload is a CallResult. The others say in their payload what happened, by ids and kinds only. */
export type CallEventKind =
  | 'opened'
  | 'claimed'
  | 'interrupted'
  | 'resumed'
  | 'result'
  | 'enrolment'
  | 'migration'
  | 'account-event'
  | 'flag'
  /** Consent was withdrawn: what the results before it said of the voice is destroyed. */
  | 'voice-forgotten'
  | 'closed';

@Entity('call_events')
export class CallEvent {
  @PrimaryGeneratedColumn({ type: 'bigint', name: 'event_id' })
  eventId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'call_id' })
  callId!: CallId;

  @Column('text')
  kind!: CallEventKind;

  @Column('jsonb')
  payload!: object;

  @Column('timestamptz')
  at!: Date;
}
