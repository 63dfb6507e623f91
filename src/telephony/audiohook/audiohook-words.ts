import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { CallDescription } from '../../core/calls/intake.js';
import { directionOf } from '../direction.js';
import { type FatalErrorCode, telephonyErrors } from '../errors.js';
import type { JsonObject } from '../json-object.js';
import { readAttestation } from '../read-attestation.js';
import type { AudiohookOpen } from './audiohook-messages.js';

/** The protocol's own numbers for what went wrong; anything not listed is a bad request, 400. */
const protocolCodes: Partial<Record<FatalErrorCode, number>> = {
  'access-ended': 401,
  'start-timeout': 408,
  'silence-timeout': 408,
  'audio-before-start': 409,
  'audio-while-paused': 409,
  'message-before-start': 409,
  'second-start': 409,
  'wrong-session': 409,
  'sequence-gap': 409,
  'oversize-frame': 413,
  'unsupported-format': 415,
  'rate-limit': 429,
  'engine-failure': 500,
  'shutting-down': 503,
};

/** A server's fault has no message of its own: it goes into the disconnect, its number first. */
export function disconnectOver(code: FatalErrorCode, reason: 'error' | 'unauthorized'): JsonObject {
  const info = `${String(protocolCodes[code] ?? 400)} ${code}: ${telephonyErrors[code].message}`;
  return { reason, info };
}

/** What an open message says of its call. */
export function callOf(
  sessionId: string,
  open: AudiohookOpen,
  format: StreamFormat,
): Omit<CallDescription, 'tenantId'> {
  const { conversationId, participant, customConfig, inputVariables = {}, continuedSessions } = open;
  // What the flow knows of this call counts over what the integration says of all.
  const said = { ...textsOf(customConfig), ...textsOf(inputVariables) };
  const { customerId, direction: way, attestation: level, verstat, ...metadata } = said;
  const direction = directionOf(way);
  const attestation = readAttestation(level, verstat);
  // With the conversation in it, no session can resume the call of another conversation.
  const keyOf = (session: string): string => `${conversationId}/${session}`;
  return {
    protocol: 'audiohook',
    externalId: conversationId,
    format,
    ani: number(participant.ani),
    dnis: number(participant.dnis),
    claimedCustomer: customerId || undefined,
    metadata,
    ...(direction && { direction }),
    ...(attestation && { attestation }),
    streamKey: keyOf(sessionId),
    // The last one first: it is the likeliest to be held still.
    resumes: continuedSessions.map(({ id }) => keyOf(id)).reverse(),
  };
}

function textsOf(fields: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Genesys writes numbers as tel: URIs (RFC 3966). */
function number(text: string | undefined): string | undefined {
  return text?.replace(/^tel:/, '') || undefined;
}
