import type { SigningKey } from './ed25519.js';

/**
 * Holds the master key and lends its use, never the key. Tenant keys are wrapped by it; a customer's key is wrapped by the
 * tenant's. Drivers: the local master key (TIMBRE_MASTER_KEY); a KMS later.
 */
export interface KeyVault {
  /** Names the master key that wraps now, without telling anything of it. */
  readonly keyId: string;
  /** `context` says what the key is for (see `binding`); unwrapping needs the same one. */
  wrap(key: Buffer, context: string): Promise<Buffer>;
  /** Earlier master keys open too, as long as they are configured. Throws SealBroken for any other key or context. The caller wipes what it gets. */
  unwrap(wrapped: Buffer, context: string): Promise<Buffer>;
  /** Signs erasure receipts (Ed25519). Another master key brings another one. */
  readonly receiptKey: SigningKey;
  /** The master key may have been exchanged: looks again. */
  refresh(): void;
}

export const KEY_VAULT = Symbol('KeyVault');
