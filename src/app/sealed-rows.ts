import { sealedTransfers } from '../modules/calls/transfers/sealed-transfers.js';
import { sealedEntries } from '../modules/fraud/watchlists/sealed-entries.js';
import { sealedCredentials } from '../modules/installation/credentials/sealed-credentials.js';
import type { SealedRows } from '../modules/installation/keys/sealed-rows.js';
import { sealedCustomers } from '../modules/people/voiceprints/renewal.js';

/** Everything that is sealed under a tenant's key, in the order in which a rotation renews it. */
export const sealedRows: readonly SealedRows[] = [
  sealedCustomers,
  sealedEntries,
  sealedCredentials,
  sealedTransfers,
];
