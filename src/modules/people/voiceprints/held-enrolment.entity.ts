import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallId, CustomerId, KeyId, TenantId, TokenId } from '../../../core/ids.js';
import type { ReplacementRefusalCode } from '../../../core/speaker/replacement.js';
import type { CheckedBy, ReenrolmentReason } from './reenrolment.js';
import type { StretchSource } from './voiceprint.entity.js';

/** A whole voiceprint that no call is ever compared with while it lies here. */
@Entity('held_enrolments')
export class HeldEnrolment {
  @PrimaryColumn('uuid', { name: 'held_id' })
  heldId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'customer_id' })
  customerId!: CustomerId;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('text', { name: 'model_sha256' })
  modelSha256!: string;

  @Column('uuid', { name: 'key_id' })
  keyId!: KeyId;

  /** Sealed under the customer's key, and turned by the secret transform of that key. */
  @Column('bytea')
  ciphertext!: Buffer;

  @Column('integer', { name: 'net_speech_ms' })
  netSpeechMs!: number;

  @Column('text')
  source!: StretchSource;

  @Column('uuid', { name: 'call_id', nullable: true })
  callId!: CallId | null;

  @Column('text')
  because!: ReplacementRefusalCode;

  /** Why the customer is enrolled again, as whoever enrolled them said. */
  @Column('text', { nullable: true })
  reason!: ReenrolmentReason | null;

  /** By what else they made sure of the customer. */
  @Column('text', { array: true })
  checks!: CheckedBy[];

  /** On the customer's own page, whose link they came with; null: a call carried it on. */
  @Column('uuid', { name: 'offered_by', nullable: true })
  offeredBy!: TokenId | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
