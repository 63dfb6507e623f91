import type { CallDescription } from '../../core/calls/intake.js';
import type { CallResult } from '../../core/calls/result.js';
import { type TelephonyErrorCode, telephonyErrors } from '../errors.js';
import type { JsonObject } from '../json-object.js';
import type { MessageFault, StartMessage } from './start-message.js';

/** Something that is said to be wrong, whether it ends the stream or not. */
export type Complaint = Omit<MessageFault, 'code'> & { readonly code: TelephonyErrorCode };

export function inWords({ code, field, expected }: Complaint): JsonObject {
  const { message } = telephonyErrors[code];
  return {
    type: 'error',
    code,
    message: expected === undefined ? message : `${message}; expected ${expected}`,
    ...(field !== undefined && { field }),
  };
}

export function faultOfType(type: unknown): MessageFault | undefined {
  if (type === 'start' || type === 'stop') return undefined;
  const code = typeof type === 'string' ? 'unknown-type' : 'invalid-field';
  return { code, field: 'type', expected: 'start or stop' };
}

export function describe(start: StartMessage): Omit<CallDescription, 'tenantId'> {
  const { encoding, sampleRateHz, channels, callerChannel = 0, callId, direction, attestation } = start;
  return {
    protocol: 'plain',
    externalId: callId,
    format: { encoding, sampleRateHz, channels, callerChannel },
    ani: start.ani,
    dnis: start.dnis,
    claimedCustomer: start.claimedCustomerId,
    metadata: start.metadata ?? {},
    ...(direction && { direction }),
    ...(attestation && { attestation }),
    ...(start.mixed && { mixed: true }),
    // The platform's id of the call names it for as long as it lasts: a stream that comes with the same one resumes it.
    ...(callId !== undefined && { streamKey: callId, resumes: [callId] }),
  };
}

/** Results carry the time they were made at, which alone is no news. */
export function isSame(a: CallResult, b: CallResult | undefined): boolean {
  return b !== undefined && JSON.stringify({ ...a, at: '' }) === JSON.stringify({ ...b, at: '' });
}
