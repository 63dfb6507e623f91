// The package's main module loads its whole REST client; this one is the validator alone.
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

import type { TwilioCredential } from '../../platform/auth/twilio-credentials.port.js';
import type { Admission } from '../../platform/ws/gateway.js';

/** The URL that Twilio was told and signs: the public one, as wss, never with a query (Twilio strips it). */
export function signedUrl(publicUrl: string, path: string): string {
  return (
    publicUrl.replace(/^http(s?):/i, (_, s: string) => `ws${s.toLowerCase()}:`).replace(/\/+$/, '') + path
  );
}

/** Whose Twilio account signed this upgrade. */
export function admitSigned(
  signature: string | undefined,
  url: string,
  credentials: readonly TwilioCredential[],
): Admission<TwilioCredential> {
  if (signature === undefined) return refused(401, 'X-Twilio-Signature is required');
  const signers = credentials.filter(({ authToken }) => validateRequest(authToken, signature, url, {}));
  const signer = signers[0];
  if (!signer) return refused(401, 'X-Twilio-Signature does not fit any known account');
  // A caller's voice must never reach the wrong tenant: rather none than a guess.
  if (signers.some(({ tenantId }) => tenantId !== signer.tenantId)) {
    return refused(403, 'This Twilio account is registered by more than one tenant');
  }
  return { kind: 'accepted', principal: signer, access: { id: signer.credentialId } };
}

function refused(status: 401 | 403, title: string): Admission<TwilioCredential> {
  return { kind: 'refused', status, title, challenge: 'Signature' };
}
