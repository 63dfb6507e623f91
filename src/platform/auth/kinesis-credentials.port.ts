import type { TenantId } from '../../core/ids.js';

/** What a tenant has told Timbre of the AWS account whose video streams hold its calls. */
export interface KinesisCredential {
  readonly credentialId: string;
  readonly tenantId: TenantId;
  /** Assumed with the tenant's id as the external id: no tenant can have another's streams read. */
  readonly roleArn: string;
  /** Base64, behind `whsec_`: signs what starts a call. */
  readonly secret: string;
}

/** Implemented by modules/installation/credentials, from memory. */
export interface KinesisCredentials {
  /** Undefined when there is no such credential in force. */
  ofId(credentialId: string): Promise<KinesisCredential | undefined>;
}

export const KINESIS_CREDENTIALS = Symbol('KinesisCredentials');
