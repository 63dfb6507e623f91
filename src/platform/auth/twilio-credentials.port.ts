import type { TenantId } from '../../core/ids.js';

/** What a tenant has told Timbre of one Twilio account: enough to know Twilio's signature when it comes. */
export interface TwilioCredential {
  readonly credentialId: string;
  readonly tenantId: TenantId;
  readonly accountSid: string;
  readonly authToken: string;
}

/** Implemented by modules/installation/credentials, from memory: asked at every upgrade. */
export interface TwilioCredentials {
  /** Of all tenants, since the upgrade does not say which; revoked ones are not among them. */
  active(): Promise<readonly TwilioCredential[]>;
}

export const TWILIO_CREDENTIALS = Symbol('TwilioCredentials');
