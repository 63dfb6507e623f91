import { Column, Entity, PrimaryColumn } from 'typeorm';

import type { TenantId } from '../../../core/ids.js';

/** By what Timbre knows a telephony platform's signature. */
@Entity('telephony_credentials')
export class TelephonyCredential {
  @PrimaryColumn('uuid', { name: 'credential_id' })
  credentialId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  protocol!: 'twilio' | 'audiohook' | 'kinesis';

  /** The account SID, the API key or the role: what the platform itself calls it by. */
  @Column('text', { name: 'external_id' })
  externalId!: string;

  /** Sealed under the tenant's key; overwritten with nothing when the credential is revoked. */
  @Column('bytea', { name: 'secret_ciphertext' })
  secretCiphertext!: Buffer;

  /** The version of the tenant's key that it is sealed under. */
  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
