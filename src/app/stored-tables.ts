import { storedVoiceprints } from '../modules/people/voiceprints/stored.js';
import { storedSelfService } from '../modules/rights/self-service/stored.js';
import { storedTransfers } from '../modules/calls/transfers/stored.js';
import { storedAccounts } from '../modules/fraud/accounts/stored.js';
import { storedFlags } from '../modules/fraud/flags/stored.js';
import { storedLeases } from '../modules/calls/leases/stored.js';
import { storedCallLog } from '../modules/calls/call-log/stored.js';
import { storedWatchlists } from '../modules/fraud/watchlists/stored.js';
import { storedConsents } from '../modules/people/consents/stored.js';
import { storedRequests } from '../modules/rights/requests/stored.js';
import { storedLegalHolds } from '../modules/people/legal-holds/stored.js';
import { storedErasure } from '../modules/rights/erasure/stored.js';
import { storedCustomers } from '../modules/people/customers/stored.js';
import { storedRetention } from '../modules/rights/retention/stored.js';
import { storedFacts } from '../modules/installation/facts/stored.js';
import { storedPolicies } from '../modules/installation/policies/stored.js';
import { storedTokens } from '../modules/installation/tokens/stored.js';
import { storedCredentials } from '../modules/installation/credentials/stored.js';
import { storedModels } from '../modules/installation/models/stored.js';
import { storedAccuracy } from '../modules/installation/accuracy/stored.js';
import { storedMeanVoices } from '../modules/installation/mean-voices/stored.js';
import { storedKeys } from '../modules/installation/keys/stored.js';
import { storedTenants } from '../modules/installation/tenants/stored.js';
import type { StoredTable } from '../platform/database/stored-table.js';

/**
 * Every table, as its owner declares it. In this order erasure and retention go through them: what refers to a row comes before it.
 */
export const storedTables: readonly StoredTable[] = [
  ...storedVoiceprints,
  ...storedSelfService,
  ...storedTransfers,
  ...storedAccounts,
  ...storedFlags,
  ...storedCallLog,
  ...storedLeases,
  ...storedWatchlists,
  ...storedConsents,
  ...storedRequests,
  ...storedLegalHolds,
  ...storedErasure,
  ...storedCustomers,
  ...storedRetention,
  ...storedFacts,
  ...storedPolicies,
  ...storedTokens,
  ...storedCredentials,
  ...storedModels,
  ...storedMeanVoices,
  ...storedAccuracy,
  ...storedKeys,
  ...storedTenants,
];
