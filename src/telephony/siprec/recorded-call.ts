import type { CallDescription } from '../../core/calls/intake.js';
import { readSiprec, type SiprecCall } from './rs-metadata.js';

type Described = Omit<CallDescription, 'tenantId'>;

/**
 * A call that a border controller records, in the words of the front that took it, completed by what the controller says
 * (`payload`: the body of its INVITE). `leftOf` tells which label's stream the front puts on the first channel.
 */
export function recordedCall(
  described: Described,
  payload: unknown,
  leftOf: (siprec: SiprecCall) => string | undefined,
): Described {
  const siprec = typeof payload === 'string' ? readSiprec(payload) : undefined;
  if (!siprec) return described;
  const { callerLabel, ani, dnis, sessionId } = siprec;
  const left = leftOf(siprec);
  const swapped = callerLabel !== undefined && left !== undefined && callerLabel !== left;
  const { format, metadata } = described;
  return {
    ...described,
    format: { ...format, callerChannel: swapped && format.channels === 2 ? 1 : format.callerChannel },
    ani: ani ?? described.ani,
    dnis: dnis ?? described.dnis,
    metadata: sessionId === undefined ? metadata : { ...metadata, siprecSession: sessionId },
    // Whatever the front makes of it: one stream holds both voices.
    ...(siprec.mixed && { mixed: true }),
  };
}

/** jambonz-feature-server takes the stream of this name for the caller's, else the first participant's. */
export function leftOfJambonz({ labels, byParticipant }: SiprecCall): string | undefined {
  return labels.find((label) => /^(1|a_leg|inbound)$/.test(label)) ?? byParticipant[0];
}
