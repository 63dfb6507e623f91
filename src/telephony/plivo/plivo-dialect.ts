import { z } from 'zod';

import { parseObject } from '../json-object.js';
import type { Dialect, StreamStart } from '../media-streams/dialect.js';
import { type Encodings, formatOf, id, packet, parameters, track } from '../media-streams/fields.js';

/*
 * Plivo Audio Streaming: Twilio's messages with names of its own, and no `connected`.
 * https://www.plivo.com/docs/voice/xml/the-stream-element
 */

/** L16's byte order is not written down; little-endian, as the SDKs' examples play it. */
const encodings: Encodings = {
  'audio/x-mulaw': ['mulaw', [8000]],
  'audio/x-l16': ['l16', [8000, 16000]],
};

const startMessage = z.object({
  start: z.object({
    callId: id,
    streamId: id,
    tracks: z.array(track).nullish(),
    mediaFormat: z.object({ encoding: z.string(), sampleRate: z.coerce.number() }),
  }),
  extra_headers: z.unknown().optional(),
});

/** `customerId=ACC1;queue=a`, as an object or as its JSON; Plivo has been seen to put X-PH- before a name. */
function extraHeaders(said: unknown): Record<string, string> {
  const object = typeof said === 'string' ? parseObject(said) : said;
  if (object !== undefined) return parameters.parse(object);
  const pairs = String(said)
    .replace(/^\{|\}$/g, '')
    .split(/[;,]/);
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, name, value] = /^\s*(?:X-PH-)?([^=:]+?)\s*[=:]\s*(.*?)\s*$/i.exec(pair) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

export const plivo: Dialect = {
  protocol: 'plivo',
  start: startMessage.transform(({ start, extra_headers: headers }): StreamStart => {
    const { encoding, sampleRate } = start.mediaFormat;
    return {
      streamId: start.streamId,
      callId: start.callId,
      tracks: start.tracks ?? undefined,
      parameters: headers === undefined ? {} : extraHeaders(headers),
      format: formatOf(encodings, encoding, sampleRate, 1),
    };
  }),
  media: z.object({ streamId: id.optional(), media: packet }).transform(({ streamId, media }) => ({
    streamId,
    track: media.track,
    chunk: media.chunk,
    timestampMs: media.timestamp,
    payload: media.payload,
  })),
  other: z.object({ streamId: id.optional() }),
  formatField: 'mediaFormat',
  closeEnds: true,
};
