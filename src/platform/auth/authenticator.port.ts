import type { Principal } from '../../core/auth/principal.js';

/** Turns a bearer token into who is asking. Implemented by modules/installation/tokens; sockets ask it at the HTTP upgrade. */
export interface Authenticator {
  /** Undefined when the token is unknown, revoked or expired. */
  authenticate(token: string): Promise<Principal | undefined>;
}

export const AUTHENTICATOR = Symbol('Authenticator');
