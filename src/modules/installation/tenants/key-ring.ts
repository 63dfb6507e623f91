import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { TemplateTransform, transformBytes } from '../../../core/speaker/template-transform.js';
import { keyBytes } from '../../../platform/crypto/aes-gcm.js';
import { open, seal, wipe } from '../../../platform/crypto/envelope.js';
import type { KeyShares, Shares } from '../../../platform/crypto/key-shares.port.js';
import type { TenantSecrets } from './tenant-secrets.js';

/** How a person's key lies in its row. */
export interface WrappedKey {
  readonly wrappedKey: Buffer;
  readonly tenantKeyVersion: number;
  /** Half of what opens it lies in the key store, so that no backup of the database opens it. False: made before there was one. */
  readonly shared: boolean;
}

/** The row outlived its half: the key store is another one, or was emptied, or an erasure broke off. Nothing opens the key any more. */
export class ShareMissing extends Error {
  constructor() {
    super('the key store has no share of this key');
    this.name = 'ShareMissing';
  }
}

/** A tenant's keys for the length of one piece of work. Wipe it. */
export class KeyRing {
  private secrets: TenantSecrets;

  constructor(
    readonly tenantId: TenantId,
    secrets: TenantSecrets,
    private readonly store: KeyShares,
    private readonly reread: (em: EntityManager) => Promise<TenantSecrets>,
  ) {
    this.secrets = copyOf(secrets);
  }

  /** The version that what is sealed in this transaction is sealed under: a rotation waits for the transaction, and finds it. */
  async sealing(em: EntityManager): Promise<number> {
    const [row] = await em.query<{ key_version: number }[]>(
      'SELECT key_version FROM tenants WHERE tenant_id = $1 FOR SHARE',
      [this.tenantId],
    );
    if (row !== undefined && row.key_version !== this.secrets.version) await this.refresh(em);
    return this.secrets.version;
  }

  /** Seals what is nobody's in particular. */
  async seal(
    em: EntityManager,
    plaintext: Uint8Array,
    aad: string,
  ): Promise<{ readonly sealed: Buffer; readonly tenantKeyVersion: number }> {
    const tenantKeyVersion = await this.sealing(em);
    return { sealed: seal(this.secrets.key, plaintext, aad), tenantKeyVersion };
  }

  async open(em: EntityManager, sealed: Uint8Array, tenantKeyVersion: number, aad: string): Promise<Buffer> {
    return open(await this.keyOf(em, tenantKeyVersion), sealed, aad);
  }

  /** `id`: of the key; its half is made where there is none yet. */
  async wrap(em: EntityManager, id: string, key: Uint8Array, aad: string): Promise<WrappedKey> {
    const tenantKeyVersion = await this.sealing(em);
    const half = randomBytes(keyBytes);
    await this.store.put(this.tenantId, new Map([[id, half]]));
    // One may be there already, of a transaction that came to nothing.
    const share = (await this.shares([id])).get(id);
    if (share === undefined) throw new ShareMissing();
    const wrapping = wrappingKey(this.secrets.key, share);
    const wrappedKey = seal(wrapping, key, aad);
    wipe(wrapping);
    wipe(share);
    wipe(half);
    return { wrappedKey, tenantKeyVersion, shared: true };
  }

  /** `shares`: of many keys, asked for at once. The caller wipes the key. */
  async unwrap(
    em: EntityManager,
    id: string,
    row: WrappedKey,
    aad: string,
    shares?: Shares,
  ): Promise<Buffer> {
    const tenantKey = await this.keyOf(em, row.tenantKeyVersion);
    if (!row.shared) return open(tenantKey, row.wrappedKey, aad);
    const share = (shares ?? (await this.shares([id]))).get(id);
    if (share === undefined) throw new ShareMissing();
    const wrapping = wrappingKey(tenantKey, share);
    if (shares === undefined) wipe(share);
    try {
      return open(wrapping, row.wrappedKey, aad);
    } finally {
      wipe(wrapping);
    }
  }

  shares(ids: readonly string[]): Promise<Shares> {
    return this.store.get(this.tenantId, ids);
  }

  /**
   * The transform of what is kept under `scope`: a key's id, or a list's. A new key brings a new transform, so a template that was
   * revoked is of no use against the one that follows it. Forget it after use.
   */
  transform(scope: string, size: number): TemplateTransform {
    const seed = Buffer.from(
      hkdfSync(
        'sha256',
        this.secrets.transform,
        Buffer.alloc(0),
        `timbre template transform v1 ${scope}`,
        32,
      ),
    );
    const random = createHash('shake256', { outputLength: transformBytes(size) })
      .update(seed)
      .digest();
    const transform = new TemplateTransform(size, random);
    wipe(seed);
    wipe(random);
    return transform;
  }

  wipe(): void {
    const { key, previousKey, pepper, transform } = this.secrets;
    for (const secret of [key, previousKey, pepper, transform]) if (secret !== null) wipe(secret);
  }

  private async keyOf(em: EntityManager, version: number): Promise<Buffer> {
    if (!this.has(version)) await this.refresh(em);
    const { version: current, key, previousKey } = this.secrets;
    if (version === current) return key;
    if (version === current - 1 && previousKey !== null) return previousKey;
    throw new Error(`the tenant's key of version ${version} is gone`);
  }

  private has(version: number): boolean {
    const { version: current, previousKey } = this.secrets;
    return version === current || (version === current - 1 && previousKey !== null);
  }

  private async refresh(em: EntityManager): Promise<void> {
    const fresh = await this.reread(em);
    this.wipe();
    this.secrets = copyOf(fresh);
  }
}

function wrappingKey(tenantKey: Buffer, share: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', tenantKey, share, 'timbre key wrapping v2', keyBytes));
}

function copyOf({ version, key, previousKey, pepper, transform }: TenantSecrets): TenantSecrets {
  return {
    version,
    key: Buffer.from(key),
    previousKey: previousKey && Buffer.from(previousKey),
    pepper: Buffer.from(pepper),
    transform: Buffer.from(transform),
  };
}
