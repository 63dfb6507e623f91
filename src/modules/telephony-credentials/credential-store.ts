import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';

import type { Clock } from '../../core/clock.js';
import type { TenantId, TokenId } from '../../core/ids.js';
import { CLOCK } from '../../platform/clock.js';
import { binding, open, seal, wipe } from '../../platform/crypto/envelope.js';
import { Database } from '../../platform/database/database.service.js';
import { recordAudit } from '../audit/audit-log.js';
import { TenantKeys } from '../tenants/tenant-keys.service.js';
import { type CredentialSummary, namedSecret, type NewCredential, summary } from './credential.js';
import { TelephonyCredential } from './telephony-credential.entity.js';

export interface OpenedCredential extends Pick<
  TelephonyCredential,
  'credentialId' | 'protocol' | 'externalId'
> {
  readonly secret: string;
}

/** The rows of a tenant's telephony accounts, their secrets sealed under the tenant's key. */
@Injectable()
export class CredentialStore {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined when another tenant holds this AudioHook API key: an upgrade could not tell whose call it is. */
  async add(
    tenantId: TenantId,
    credential: NewCredential,
    by: TokenId | null,
  ): Promise<CredentialSummary | undefined> {
    const credentialId = randomUUID();
    const { externalId, secret } = namedSecret(credential);
    const key = await this.tenantKeys.tenantKey(tenantId);
    const secretCiphertext = seal(key, Buffer.from(secret, 'utf8'), aad(tenantId, credentialId));
    wipe(key);
    const createdAt = new Date(this.clock.nowMs());
    const { protocol } = credential;
    const row = { credentialId, tenantId, protocol, externalId, createdAt };
    return this.database.forTenant(tenantId, async (em) => {
      if (protocol === 'audiohook' && !(await claimApiKey(em, tenantId, externalId))) return undefined;
      await em.insert(TelephonyCredential, { ...row, secretCiphertext, revokedAt: null });
      const subject = { kind: 'telephony-credential', id: credentialId } as const;
      const event = { action: 'telephony-credential-added', by, subject, details: { protocol } } as const;
      await recordAudit(em, tenantId, createdAt, event);
      return summary(row);
    });
  }

  async list(tenantId: TenantId): Promise<CredentialSummary[]> {
    return (await this.#active(tenantId)).map(summary);
  }

  /** False when there is no such credential, or it has been revoked already. */
  async revoke(tenantId: TenantId, credentialId: string, by: TokenId | null): Promise<boolean> {
    const revokedAt = new Date(this.clock.nowMs());
    return this.database.forTenant(tenantId, async (em) => {
      const { affected } = await em.update(
        TelephonyCredential,
        { tenantId, credentialId, revokedAt: IsNull() },
        { revokedAt, secretCiphertext: Buffer.alloc(0) },
      );
      if (affected !== 1) return false;
      await releaseApiKeys(em);
      const subject = { kind: 'telephony-credential', id: credentialId } as const;
      await recordAudit(em, tenantId, revokedAt, { action: 'telephony-credential-revoked', by, subject });
      return true;
    });
  }

  /** Active credentials with their secrets, for checking signatures only. */
  async secrets(tenantId: TenantId): Promise<OpenedCredential[]> {
    const rows = await this.#active(tenantId);
    if (rows.length === 0) return [];
    const key = await this.tenantKeys.tenantKey(tenantId);
    try {
      return rows.map(({ credentialId, protocol, externalId, secretCiphertext }) => {
        const secret = open(key, secretCiphertext, aad(tenantId, credentialId)).toString('utf8');
        return { credentialId, protocol, externalId, secret };
      });
    } finally {
      wipe(key);
    }
  }

  #active(tenantId: TenantId): Promise<TelephonyCredential[]> {
    return this.database.forTenant(tenantId, (em) =>
      em.find(TelephonyCredential, { where: { tenantId, revokedAt: IsNull() }, order: { createdAt: 'ASC' } }),
    );
  }
}

function aad(tenantId: TenantId, credentialId: string): string {
  return binding('telephony-credential', tenantId, credentialId);
}

/** Row-level security hides another tenant's claim; the primary key of the table does not let it be made twice. */
async function claimApiKey(em: EntityManager, tenantId: TenantId, apiKey: string): Promise<boolean> {
  await em.query(
    'INSERT INTO audiohook_api_keys (api_key, tenant_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [apiKey, tenantId],
  );
  // Locked, so that a revocation at the same moment waits and then still finds the key in use.
  const held = await em.query<unknown[]>(
    'SELECT api_key FROM audiohook_api_keys WHERE api_key = $1 FOR UPDATE',
    [apiKey],
  );
  return held.length === 1;
}

/** Of this tenant: what no credential in force uses any more is free for everybody. */
async function releaseApiKeys(em: EntityManager): Promise<void> {
  await em.query('SELECT api_key FROM audiohook_api_keys FOR UPDATE');
  await em.query(
    `DELETE FROM audiohook_api_keys k WHERE NOT EXISTS (
       SELECT 1 FROM telephony_credentials c
       WHERE c.protocol = 'audiohook' AND c.external_id = k.api_key AND c.revoked_at IS NULL)`,
  );
}
