import type { TenantId } from '../../core/ids.js';

/** What a tenant has told Timbre of one Genesys integration: enough to know its signature when it comes. */
export interface AudiohookCredential {
  readonly credentialId: string;
  readonly tenantId: TenantId;
  readonly apiKey: string;
  /** Base64, as Genesys shows it. */
  readonly clientSecret: string;
}

/** Implemented by modules/installation/credentials, from memory: asked at every upgrade. */
export interface AudiohookCredentials {
  /** Those in force under this API key, whosever they are: two while a secret is rotated. */
  ofKey(apiKey: string): Promise<readonly AudiohookCredential[]>;
}

export const AUDIOHOOK_CREDENTIALS = Symbol('AudiohookCredentials');
