import { type IncomingMessage } from 'node:http';

import { type Principal, type Role } from '../../core/auth/principal.js';
import { type Authenticator } from '../auth/authenticator.port.js';
import { type Admission } from './gateway.js';

const subprotocolPrefix = 'bearer.';

/** Admits a request whose bearer token belongs to one of the roles: 401 for no or an unknown token, 403 for another role. */
export function acceptBearer(
  authenticator: Authenticator,
  roles: readonly Role[],
): (request: IncomingMessage) => Promise<Admission<Principal>> {
  return (request) => admitToken(authenticator, roles, bearerToken(request));
}

/** However the token came. */
export async function admitToken(
  authenticator: Authenticator,
  roles: readonly Role[],
  token: string | undefined,
): Promise<Admission<Principal>> {
  if (token === undefined) return { kind: 'refused', status: 401, title: 'A bearer token is required' };
  const principal = await authenticator.authenticate(token);
  if (!principal) return { kind: 'refused', status: 401, title: 'The bearer token is not valid' };
  if (!roles.includes(principal.role)) {
    return { kind: 'refused', status: 403, title: `This needs the role ${roles.join(' or ')}` };
  }
  const { tokenId: id, expiresAtMs } = principal;
  return { kind: 'accepted', principal, access: { id, expiresAtMs } };
}

/**
 * The token of `Authorization: Bearer …` or, since a browser can't set headers on a WebSocket, of a subprotocol
 * `bearer.<token>` offered beside a real one. Never of the query: queries end up in logs.
 */
export function bearerToken(request: IncomingMessage): string | undefined {
  // RFC 6750 §2.1: the scheme is case-insensitive (RFC 9110 §11.1).
  const header = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(request.headers.authorization ?? '');
  if (header) return header[1];
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  const subprotocol = offered.find((name) => name.startsWith(subprotocolPrefix));
  const token = subprotocol?.slice(subprotocolPrefix.length);
  return token === '' ? undefined : token;
}
