import type { Attestation } from '../core/calls/intake.js';

/**
 * A STIR/SHAKEN verdict as platforms pass it on (3GPP TS 24.229 `verstat`, with the level that Twilio and Telnyx add to it):
 * `TN-Validation-Passed-B`. Where no letter is said, the platform's rule for that says the level. `No-TN-Validation` and
 * anything else say nothing.
 */
export function attestationOf(verstat: string | undefined, plainPass?: Attestation): Attestation | undefined {
  const verdict = /^TN-Validation-(Passed|Failed)(?:-([ABC]))?$/i.exec(verstat ?? '');
  if (!verdict) return undefined;
  if (verdict[1]?.toLowerCase() === 'failed') return 'failed';
  return (verdict[2]?.toUpperCase() as Attestation | undefined) ?? plainPass;
}
