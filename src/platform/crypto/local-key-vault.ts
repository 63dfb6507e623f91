import { createHmac } from 'node:crypto';
import { keyBytes } from './aes-gcm.js';
import { derivedSigningKey, type SigningKey } from './ed25519.js';
import { open, seal, SealBroken } from './envelope.js';
import type { KeyVault } from './key-vault.port.js';

export interface MasterKeys {
  /** Wraps. */
  readonly current: Uint8Array;
  /** Still open what they wrapped before. */
  readonly previous: readonly Uint8Array[];
}

interface Held {
  readonly keyId: string;
  readonly keys: readonly [Buffer, ...Buffer[]];
  readonly receiptKey: SigningKey;
}

/**
 * The master keys as given in configuration, held in this process. Takes copies of its own: the caller may wipe its own.
 * `reread`: where they may be exchanged while Timbre runs (a file); asked before wrapping, and when nothing held opens.
 */
export function localKeyVault(
  current: Uint8Array,
  previous: readonly Uint8Array[] = [],
  reread?: () => MasterKeys,
): KeyVault {
  let held = hold({ current, previous });
  const refresh = (): void => {
    if (reread !== undefined) held = hold(reread());
  };
  return {
    get keyId() {
      return held.keyId;
    },
    get receiptKey() {
      return held.receiptKey;
    },
    refresh,
    wrap: async (dataKey, context) => {
      refresh();
      return Promise.resolve(seal(held.keys[0], dataKey, context));
    },
    unwrap: async (wrapped, context) => {
      const opened = openWithAny(held, wrapped, context);
      if (opened !== undefined) return Promise.resolve(opened);
      refresh();
      const openedNow = openWithAny(held, wrapped, context);
      if (openedNow === undefined) throw new SealBroken();
      return openedNow;
    },
  };
}

/** A one-way image of the key: equal keys have equal names, and the name tells nothing of the key. */
export function masterKeyId(key: Uint8Array): string {
  return `local:${createHmac('sha256', key).update('timbre key id').digest('hex').slice(0, 16)}`;
}

function hold({ current, previous }: MasterKeys): Held {
  for (const key of [current, ...previous])
    if (key.length !== keyBytes) throw new Error(`the master key must have ${keyBytes} bytes`);
  const own = Buffer.from(current);
  return {
    keyId: masterKeyId(own),
    keys: [own, ...previous.map((key) => Buffer.from(key))],
    receiptKey: derivedSigningKey(own, 'timbre erasure receipts v1'),
  };
}

function openWithAny({ keys }: Held, wrapped: Buffer, context: string): Buffer | undefined {
  for (const key of keys) {
    try {
      return open(key, wrapped, context);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
    }
  }
  return undefined;
}
