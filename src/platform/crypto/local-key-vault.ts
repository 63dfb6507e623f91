import { createHmac } from 'node:crypto';
import { KEY_BYTES } from './aes-gcm.js';
import { derivedSigningKey } from './ed25519.js';
import { open, seal } from './envelope.js';
import type { KeyVault } from './key-vault.port.js';

/** The master key as given in configuration, held in this process. Takes its own copy: the caller may wipe its own. */
export function localKeyVault(masterKey: Uint8Array): KeyVault {
  if (masterKey.length !== KEY_BYTES) throw new Error(`the master key must have ${KEY_BYTES} bytes`);
  const key = Buffer.from(masterKey);
  // A one-way image of the key: equal keys have equal names, and the name tells nothing of the key.
  const keyId = `local:${createHmac('sha256', key).update('timbre key id').digest('hex').slice(0, 16)}`;
  return {
    keyId,
    receiptKey: derivedSigningKey(key, 'timbre erasure receipts v1'),
    wrap: (dataKey, context) => Promise.resolve(seal(key, dataKey, context)),
    unwrap: async (wrapped, context) => Promise.resolve(open(key, wrapped, context)),
  };
}
