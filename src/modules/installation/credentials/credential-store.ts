import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, IsNull, Not } from 'typeorm';

import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { binding, wipe } from '../../../platform/crypto/envelope.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../facts/record-fact.js';
import type { KeyRing } from '../tenants/key-ring.js';
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
    const ring = await this.tenantKeys.ring(tenantId);
    const createdAt = new Date(this.clock.nowMs());
    const { protocol } = credential;
    const row = { credentialId, tenantId, protocol, externalId, createdAt };
    const work = this.database.forTenant(tenantId, async (em) => {
      if (protocol === 'audiohook' && !(await claimApiKey(em, tenantId, externalId))) return undefined;
      const { sealed: secretCiphertext, tenantKeyVersion } = await ring.seal(
        em,
        Buffer.from(secret, 'utf8'),
        aad(tenantId, credentialId),
      );
      await em.insert(TelephonyCredential, { ...row, secretCiphertext, tenantKeyVersion, revokedAt: null });
      const subject = { kind: 'telephony-credential', id: credentialId } as const;
      const event = { action: 'telephony-credential-added', by, subject, details: { protocol } } as const;
      await recordFact(em, tenantId, createdAt, event);
      return summary(row);
    });
    return work.finally(() => {
      ring.wipe();
    });
  }

  async list(tenantId: TenantId): Promise<CredentialSummary[]> {
    return (await this.active(tenantId)).map(summary);
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
      await recordFact(em, tenantId, revokedAt, { action: 'telephony-credential-revoked', by, subject });
      return true;
    });
  }

  /** Active credentials with their secrets, for checking signatures only. */
  async secrets(tenantId: TenantId): Promise<OpenedCredential[]> {
    const ring = await this.tenantKeys.ring(tenantId);
    try {
      return await this.database.forTenant(tenantId, async (em) => {
        const opened: OpenedCredential[] = [];
        for (const row of await activeOf(em, tenantId)) {
          const { credentialId, protocol, externalId, secretCiphertext, tenantKeyVersion } = row;
          const secret = await ring.open(em, secretCiphertext, tenantKeyVersion, aad(tenantId, credentialId));
          opened.push({ credentialId, protocol, externalId, secret: secret.toString('utf8') });
        }
        return opened;
      });
    } finally {
      ring.wipe();
    }
  }

  private active(tenantId: TenantId): Promise<TelephonyCredential[]> {
    return this.database.forTenant(tenantId, (em) => activeOf(em, tenantId));
  }
}

function activeOf(em: EntityManager, tenantId: TenantId): Promise<TelephonyCredential[]> {
  return em.find(TelephonyCredential, {
    where: { tenantId, revokedAt: IsNull() },
    order: { createdAt: 'ASC' },
  });
}

/** Brings up to `limit` credentials in force to the tenant's key of now. */
export async function renewCredentials(em: EntityManager, ring: KeyRing, limit: number): Promise<number> {
  const version = await ring.sealing(em);
  const rows = await em.find(TelephonyCredential, {
    where: { tenantId: ring.tenantId, revokedAt: IsNull(), tenantKeyVersion: Not(version) },
    take: limit,
    lock: { mode: 'pessimistic_write' },
  });
  for (const { credentialId, secretCiphertext, tenantKeyVersion: before } of rows) {
    const place = aad(ring.tenantId, credentialId);
    const secret = await ring.open(em, secretCiphertext, before, place);
    const { sealed, tenantKeyVersion } = await ring.seal(em, secret, place);
    await em.update(TelephonyCredential, { credentialId }, { secretCiphertext: sealed, tenantKeyVersion });
    wipe(secret);
  }
  return rows.length;
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
