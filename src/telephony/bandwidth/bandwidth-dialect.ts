import { z } from 'zod';

import type { JsonObject } from '../json-object.js';
import type { Dialect, MediaPacket, StreamStart } from '../media-streams/dialect.js';
import { id, parameters, track } from '../media-streams/fields.js';

/*
 * Bandwidth's StartStream. What a start says of its tracks, and where the parameters lie, its pages show in more than one way:
 * all are taken. https://dev.bandwidth.com/docs/voice/programmable-voice/bxml/startStream
 */

const trackNames = z
  .array(z.union([track, z.object({ name: track }).transform(({ name }) => name)]))
  .nullish()
  .catch(undefined);

const startMessage = z.object({
  metadata: z.object({ callId: id, streamId: id, tracks: trackNames, streamParams: parameters }),
  streamParams: parameters,
});

/** Its messages are named by `eventType`. */
function unwrap(message: JsonObject): JsonObject {
  const { eventType } = message;
  return typeof eventType === 'string' ? { ...message, event: eventType } : message;
}

export const bandwidth: Dialect = {
  protocol: 'bandwidth',
  start: startMessage.transform(({ metadata, streamParams }): StreamStart => ({
    streamId: metadata.streamId,
    callId: metadata.callId,
    tracks: metadata.tracks ?? undefined,
    parameters: { ...metadata.streamParams, ...streamParams },
    // PCMU at 8 kHz is all that it sends.
    format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
  })),
  // The numbers count the messages of both tracks, and there are no times: each follows the one before it.
  media: z
    .object({ track: track.default('inbound'), payload: z.string() })
    .transform((media): MediaPacket => media),
  other: z
    .object({ metadata: z.object({ streamId: id.optional() }).optional() })
    .transform(({ metadata }) => ({ streamId: metadata?.streamId })),
  formatField: 'format',
  closeEnds: true,
  unwrap,
};
