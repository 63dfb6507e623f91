/** By what a socket or a stream was let in: a token or a credential. */
export interface Access {
  readonly id: string;
  /** Undefined: until it is revoked. */
  readonly expiresAtMs?: number | undefined;
}

/** Knows when an access ends, on whichever process it was revoked. Implemented by modules/installation/tokens. */
export interface AccessWatch {
  /** Calls `ended` once, within a second of the access's end; at once when it has ended already. Answers how to stop watching. */
  watch(access: Access, ended: () => void): () => void;
}

export const ACCESS_WATCH = Symbol('AccessWatch');
