import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { CallDescription } from '../../core/calls/intake.js';
import { directionOf } from '../direction.js';
import { readAttestation } from '../read-attestation.js';
import type { Dialect, StreamStart } from './dialect.js';

/**
 * What a start message says of its call. What a platform leaves out can be given as a custom parameter of these names;
 * all other parameters are metadata.
 */
export function callOf(
  start: StreamStart,
  format: StreamFormat,
  { protocol, plainPass }: Dialect,
): Omit<CallDescription, 'tenantId'> {
  const {
    customerId,
    from,
    to,
    direction: way,
    attestation: level,
    stirVerstat,
    ...metadata
  } = start.parameters;
  const direction = directionOf(way);
  const attestation = readAttestation(level, stirVerstat, plainPass);
  return {
    protocol,
    externalId: start.callId,
    format,
    ani: start.ani || from || undefined,
    dnis: start.dnis || to || undefined,
    claimedCustomer: customerId || undefined,
    metadata,
    ...(direction === undefined ? {} : { direction }),
    ...(attestation === undefined ? {} : { attestation }),
    ...(start.mixed && { mixed: true }),
    // A platform whose socket broke opens a new stream for the same call.
    streamKey: start.callId,
    resumes: [start.callId],
  };
}
