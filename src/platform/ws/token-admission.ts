import { type IncomingMessage } from 'node:http';

import { type Principal, type Role } from '../../core/auth/principal.js';
import { type Authenticator } from '../auth/authenticator.port.js';
import { admitToken, bearerToken } from './bearer.js';
import { type Admission } from './gateway.js';

/**
 * As acceptBearer, for platforms that know user names and passwords only: the token may also be the password of HTTP Basic
 * (RFC 7617). The user name is the platform's own affair.
 */
export function acceptToken(
  authenticator: Authenticator,
  roles: readonly Role[],
): (request: IncomingMessage) => Promise<Admission<Principal>> {
  return (request) => admitToken(authenticator, roles, bearerToken(request) ?? basicPassword(request));
}

function basicPassword(request: IncomingMessage): string | undefined {
  const credentials = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (credentials === undefined) return undefined;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1) || undefined;
}
