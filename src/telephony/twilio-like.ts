import { z } from 'zod';

import type { CallProtocol } from '../core/calls/protocols.js';
import type { Dialect, StreamStart } from './media-streams/dialect.js';
import { type Encodings, formatOf, id, parameters, track } from './media-streams/fields.js';
import { mediaFormat, twilio } from './twilio/twilio-dialect.js';

const startMessage = z.object({
  streamSid: id.optional(),
  start: z.object({
    streamSid: id.optional(),
    callSid: id,
    tracks: z.array(track).nullish(),
    mediaFormat,
    customParameters: parameters,
  }),
});

/** A platform that speaks Twilio's Media Streams in formats of its own, and signs nothing. */
export function twilioLike(protocol: CallProtocol, encodings: Encodings): Dialect {
  return {
    ...twilio,
    protocol,
    closeEnds: true,
    start: startMessage.transform(({ streamSid, start }): StreamStart => {
      const { encoding, sampleRate, channels } = start.mediaFormat;
      return {
        streamId: streamSid ?? start.streamSid ?? start.callSid,
        callId: start.callSid,
        tracks: start.tracks ?? undefined,
        parameters: start.customParameters,
        format: formatOf(encodings, encoding, sampleRate, channels),
      };
    }),
  };
}
