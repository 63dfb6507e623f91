import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import type { Clock } from '../../core/clock.js';
import type { TenantId } from '../../core/ids.js';
import { CLOCK } from '../../platform/clock.js';
import { binding, open, seal, wipe } from '../../platform/crypto/envelope.js';
import { Database } from '../../platform/database/database.service.js';
import { TenantKeys } from '../tenants/tenant-keys.service.js';
import { TelephonyCredential } from './telephony-credential.entity.js';

/** What a credential is called; its secret is never given back. */
export interface CredentialSummary {
  readonly credentialId: string;
  readonly protocol: 'twilio';
  readonly accountSid: string;
  readonly createdAt: string;
}

/** The rows of a tenant's telephony accounts, their secrets sealed under the tenant's key. */
@Injectable()
export class CredentialStore {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async add(tenantId: TenantId, accountSid: string, authToken: string): Promise<CredentialSummary> {
    const credentialId = randomUUID();
    const key = await this.tenantKeys.tenantKey(tenantId);
    const secretCiphertext = seal(key, Buffer.from(authToken, 'utf8'), aad(tenantId, credentialId));
    wipe(key);
    const createdAt = new Date(this.clock.nowMs());
    const row = { credentialId, tenantId, protocol: 'twilio' as const, externalId: accountSid, createdAt };
    await this.database.forTenant(tenantId, (em) =>
      em.insert(TelephonyCredential, { ...row, secretCiphertext, revokedAt: null }),
    );
    return summary(row);
  }

  async list(tenantId: TenantId): Promise<CredentialSummary[]> {
    return (await this.#active(tenantId)).map(summary);
  }

  /** False when there is no such credential, or it has been revoked already. */
  async revoke(tenantId: TenantId, credentialId: string): Promise<boolean> {
    const revokedAt = new Date(this.clock.nowMs());
    const { affected } = await this.database.forTenant(tenantId, (em) =>
      em.update(
        TelephonyCredential,
        { tenantId, credentialId, revokedAt: IsNull() },
        { revokedAt, secretCiphertext: Buffer.alloc(0) },
      ),
    );
    return affected === 1;
  }

  /** Active credentials with their secrets, for checking signatures only. */
  async secrets(tenantId: TenantId): Promise<{ credentialId: string; accountSid: string; secret: string }[]> {
    const rows = await this.#active(tenantId);
    if (rows.length === 0) return [];
    const key = await this.tenantKeys.tenantKey(tenantId);
    try {
      return rows.map(({ credentialId, externalId, secretCiphertext }) => {
        const secret = open(key, secretCiphertext, aad(tenantId, credentialId)).toString('utf8');
        return { credentialId, accountSid: externalId, secret };
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

function summary(
  row: Pick<TelephonyCredential, 'credentialId' | 'protocol' | 'externalId' | 'createdAt'>,
): CredentialSummary {
  const { credentialId, protocol, externalId, createdAt } = row;
  return { credentialId, protocol, accountSid: externalId, createdAt: createdAt.toISOString() };
}
