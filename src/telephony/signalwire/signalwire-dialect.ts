import { z } from 'zod';

import type { JsonObject } from '../json-object.js';
import type { Dialect, StreamStart } from '../media-streams/dialect.js';
import { type Encodings, formatOf, id, parameters, track } from '../media-streams/fields.js';
import { mediaFormat, twilio } from '../twilio/twilio-dialect.js';

/*
 * SignalWire's <Stream>: Twilio's messages with more codecs.
 * https://signalwire.com/docs/compatibility-api/cxml/voice/stream
 */

/** L16's byte order is not written down; it is FreeSWITCH's own, little-endian, as SignalWire's bridges to speech models pass it on. */
const encodings: Encodings = {
  'audio/x-mulaw': ['mulaw', [8000]],
  'audio/x-alaw': ['alaw', [8000]],
  'audio/x-l16': ['l16', [8000, 16000, 24000, 32000, 48000]],
  'audio/l16': ['l16', [8000, 16000, 24000, 32000, 48000]],
  'audio/g722': ['g722', [8000, 16000]],
  'audio/x-g722': ['g722', [8000, 16000]],
};

/** Its page shows each message inside `rawEvent`, with the stream's id beside it; its sockets have been seen to send Twilio's own shape. */
function unwrap(message: JsonObject): JsonObject {
  const { rawEvent, streamSid } = message;
  return typeof rawEvent === 'object' && rawEvent !== null ? { streamSid, ...rawEvent } : message;
}

const startMessage = z.object({
  start: z.object({
    streamSid: id,
    callSid: id,
    // Its own page shows a start without them.
    tracks: z.array(track).nullish(),
    mediaFormat,
    customParameters: parameters,
  }),
});

export const signalwire: Dialect = {
  ...twilio,
  protocol: 'signalwire',
  start: startMessage.transform(({ start }): StreamStart => {
    const { encoding, sampleRate, channels } = start.mediaFormat;
    return {
      streamId: start.streamSid,
      callId: start.callSid,
      tracks: start.tracks ?? undefined,
      parameters: start.customParameters,
      format: formatOf(encodings, encoding, sampleRate, channels),
    };
  }),
  unwrap,
};
