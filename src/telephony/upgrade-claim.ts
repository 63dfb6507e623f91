import { type IncomingMessage } from 'node:http';

import { queryOf } from './query.js';

const claimHeader = 'timbre-customer-id';
const claimField = 'customerId';

/**
 * Whom the upgrade itself names as the caller, for platforms whose messages have no place for it: in a header, or in the
 * query. Only where the upgrade's credential vouches for all of it: a token does, a signature for what it covers.
 */
export function claimOf(request: IncomingMessage): string | undefined {
  const header = request.headers[claimHeader];
  return (typeof header === 'string' && header.trim()) || queryClaimOf(request);
}

/** The query alone. */
export function queryClaimOf(request: IncomingMessage): string | undefined {
  const claim = queryOf(request)[claimField];
  return typeof claim === 'string' && claim !== '' ? claim : undefined;
}
