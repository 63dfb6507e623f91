import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallId, TenantId, TokenId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';

export type EntryEnd = 'erased-on-request' | 'retention' | 'list-closed';

/** One voice on a list. What is left after its end says that there was one, not what. */
@Entity('watchlist_entries')
export class WatchlistEntry {
  @PrimaryColumn('uuid', { name: 'entry_id' })
  entryId!: WatchlistEntryId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'list_id' })
  listId!: WatchlistId;

  /** The tenant's own case number: never a person's name. */
  @Column('text')
  reference!: string;

  /** Why this person's voice may be on the list. */
  @Column('text', { name: 'basis_note' })
  basisNote!: string;

  @Column('text', { name: 'reviewed_by' })
  reviewedBy!: string;

  /** Where the person's own written release lies, if there is one. */
  @Column('text', { name: 'release_reference', nullable: true })
  releaseReference!: string | null;

  @Column('text', { nullable: true })
  residence!: string | null;

  @Column('text', { name: 'model_id' })
  modelId!: string;

  @Column('text', { name: 'model_sha256' })
  modelSha256!: string;

  /** The entry's own key, wrapped by the tenant's; null once destroyed. */
  @Column('bytea', { name: 'wrapped_key', nullable: true })
  wrappedKey!: Buffer | null;

  /** The version of the tenant's key that it is wrapped by. */
  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion!: number;

  /** Half of what opens it lies in the key store. */
  @Column('boolean')
  shared!: boolean;

  /** When the half in the key store was destroyed too. */
  @Column('timestamptz', { name: 'share_destroyed_at', nullable: true })
  shareDestroyedAt!: Date | null;

  /** What lies under the seal is turned by the secret transform of the list. */
  @Column('boolean')
  protected!: boolean;

  @Column('bytea', { nullable: true })
  ciphertext!: Buffer | null;

  @Column('integer', { name: 'net_speech_ms' })
  netSpeechMs!: number;

  @Column('text')
  source!: 'upload' | 'call';

  @Column('uuid', { name: 'call_id', nullable: true })
  callId!: CallId | null;

  @Column('timestamptz', { name: 'added_at' })
  addedAt!: Date;

  @Column('uuid', { name: 'added_by' })
  addedBy!: TokenId;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('text', { name: 'ended_reason', nullable: true })
  endedReason!: EntryEnd | null;

  @Column('uuid', { name: 'ended_by', nullable: true })
  endedBy!: TokenId | null;
}
