import { TelephonyCredential } from './telephony-credential.entity.js';

export const telephonyCredentialsEntities = [TelephonyCredential];
