import type { CallDescription } from '../core/calls/intake.js';

/** Twilio says `outbound-api` and `outbound-dial`, Telnyx `incoming` and `outgoing`. */
export function directionOf(text: string | undefined): CallDescription['direction'] {
  if (/^(inbound|incoming)/i.test(text ?? '')) return 'inbound';
  return /^(outbound|outgoing)/i.test(text ?? '') ? 'outbound' : undefined;
}
