import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConsentId, CustomerId, KeyId, TenantId, VoiceprintId } from '../../../core/ids.js';
import type { Ruling } from '../../../core/privacy/packs/pack.js';
import type { ExpiryReason } from '../../../core/privacy/retention.js';

export type VoiceprintStatus = 'active' | 'replaced' | 'revoked' | 'expired';
/** `microphone`: on the customer's own page. */
export type StretchSource = 'upload' | 'call' | 'microphone';

@Entity('voiceprints')
export class Voiceprint {
  @PrimaryColumn('uuid', { name: 'voiceprint_id' })
  voiceprintId!: VoiceprintId;

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

  /** Sealed under the customer's key; null in every status but active. */
  @Column('bytea', { nullable: true })
  ciphertext!: Buffer | null;

  /** What lies under the seal is turned by the secret transform of its key. */
  @Column('boolean')
  protected!: boolean;

  @Column('integer', { name: 'net_speech_ms' })
  netSpeechMs!: number;

  @Column('text')
  status!: VoiceprintStatus;

  @Column('text')
  source!: StretchSource;

  /** The voiceprint of another model that this one follows: made in a call that was verified against it. */
  @Column('uuid', { name: 'migrated_from', nullable: true })
  migratedFrom!: VoiceprintId | null;

  @Column('uuid', { name: 'consent_id' })
  consentId!: ConsentId;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Before it a call is not compared with it. */
  @Column('timestamptz', { name: 'vouches_from' })
  vouchesFrom!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('text', { name: 'expiry_reason' })
  expiryReason!: ExpiryReason;

  /** The rule that gave it this date; null in rows of before the rules were named, and where a retired model did. */
  @Column('jsonb', { name: 'expiry_decided_by', nullable: true })
  expiryDecidedBy!: Ruling | null;

  /** Past its date and kept by a legal hold alone: never used again. */
  @Column('timestamptz', { name: 'restricted_at', nullable: true })
  restrictedAt!: Date | null;

  /** The measurement of the voice check (`own_caller_counts`) in which its owner counts as a caller already. */
  @Column('uuid', { name: 'counted_in', nullable: true })
  countedIn!: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('text', { name: 'ended_reason', nullable: true })
  endedReason!: string | null;
}
