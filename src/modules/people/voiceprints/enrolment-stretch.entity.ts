import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallId, CustomerId, KeyId, TenantId } from '../../../core/ids.js';
import type { StretchSource } from './voiceprint.entity.js';

/** Speech that waits for the rest of an enrolment: embeddings only, never audio. */
@Entity('enrolment_stretches')
export class EnrolmentStretchRow {
  @PrimaryColumn('uuid', { name: 'stretch_id' })
  stretchId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('uuid', { name: 'key_id' })
  keyId!: KeyId;

  /** Sealed under the customer's key. */
  @Column('bytea')
  ciphertext!: Buffer;

  /** The embeddings under the seal are turned by the secret transform of their key. */
  @Column('boolean')
  protected!: boolean;

  @Column('integer', { name: 'net_speech_ms' })
  netSpeechMs!: number;

  @Column('text')
  source!: StretchSource;

  @Column('uuid', { name: 'call_id', nullable: true })
  callId!: CallId | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
