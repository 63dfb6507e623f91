import type { Config } from '../config/config.js';
import { readMasterKeys } from '../config/master-keys.js';
import type { KeyVault } from './key-vault.port.js';
import { localKeyVault } from './local-key-vault.js';

/** The vault of the configured master keys; with a key file, of whatever stands in it now. */
export function configuredVault({ masterKey, previousMasterKeys, masterKeyFile }: Config): KeyVault {
  const reread = masterKeyFile === undefined ? undefined : () => readMasterKeys(masterKeyFile);
  return localKeyVault(masterKey, previousMasterKeys, reread);
}
