import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { toJwk, type Ed25519Jwk } from '../../../platform/crypto/ed25519.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';

/** The public halves of every key that receipts were ever signed with: a receipt outlives the key that signed it. */
@Injectable()
export class ReceiptKeys {
  constructor(
    private readonly database: Database,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
  ) {}

  /** Before its first signature, in the same transaction. */
  async publish(em: EntityManager, tenantId: TenantId, at: Date): Promise<void> {
    const { keyId, publicKey } = this.vault.receiptKey;
    await em.query('INSERT INTO receipt_keys VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      tenantId,
      keyId,
      publicKey,
      at,
    ]);
  }

  /** Current first. */
  async published(): Promise<Ed25519Jwk[]> {
    const rows = await this.database.forEverybody((em) =>
      em.query<{ public_key: Buffer }[]>(
        `SELECT public_key FROM receipt_keys GROUP BY public_key ORDER BY max(first_used_at) DESC`,
      ),
    );
    const keys = [this.vault.receiptKey.publicKey, ...rows.map((row) => row.public_key)].map(toJwk);
    return keys.filter(({ kid }, index) => keys.findIndex((key) => key.kid === kid) === index);
  }
}
