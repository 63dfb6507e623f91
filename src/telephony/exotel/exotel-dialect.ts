import { z } from 'zod';

import type { JsonObject } from '../json-object.js';
import type { Dialect, MediaPacket, StreamStart } from '../media-streams/dialect.js';
import { type Encodings, formatOf, id, packet, parameters } from '../media-streams/fields.js';

/*
 * Exotel's Stream and Voicebot applets: Twilio's messages in snake_case, about 100 ms of audio in each.
 * https://developer.exotel.com/docs/agentstream/websocket-protocol
 */

/** 16-bit samples, little-endian ("raw/slin"), under the names that Exotel's pages give them; `base64` has been seen for the same. */
const encodings: Encodings = {
  'audio/x-raw': ['l16', [8000, 16000, 24000]],
  'raw/slin': ['l16', [8000, 16000, 24000]],
  'audio/l16': ['l16', [8000, 16000, 24000]],
  'audio/x-l16': ['l16', [8000, 16000, 24000]],
  base64: ['l16', [8000, 16000, 24000]],
  'audio/x-mulaw': ['mulaw', [8000]],
};

const startMessage = z.object({
  stream_sid: id,
  start: z.object({
    call_sid: id,
    from: z.string().nullish(),
    to: z.string().nullish(),
    custom_parameters: parameters,
    media_format: z.object({ encoding: z.string(), sample_rate: z.coerce.number() }),
  }),
});

const media = z
  .object({
    stream_sid: id.optional(),
    media: packet,
  })
  .transform((message): MediaPacket => ({
    streamId: message.stream_sid,
    track: message.media.track,
    chunk: message.media.chunk,
    timestampMs: message.media.timestamp,
    payload: message.media.payload,
  }));

/** Ids and more come in camel case from some of its bridges; the flow's own parameters keep the names they were given. */
function snakeCased(message: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [snake, isObject && snake !== 'custom_parameters' ? snakeCased(value as JsonObject) : value];
    }),
  );
}

/** Exotel makes parameters of the stream URL's query, where a token or the rate may stand: neither is metadata. */
function withoutOurs(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name !== 'token' && name !== 'sample-rate'),
  );
}

export const exotel: Dialect = {
  protocol: 'exotel',
  start: startMessage.transform(({ stream_sid: streamSid, start }): StreamStart => {
    const { encoding, sample_rate: sampleRate } = start.media_format;
    // audio/L16;rate=16000 says the rate a second time.
    const [name = ''] = encoding.split(';');
    return {
      streamId: streamSid,
      callId: start.call_sid,
      ani: start.from ?? undefined,
      dnis: start.to ?? undefined,
      parameters: withoutOurs(start.custom_parameters),
      format: formatOf(encodings, name, sampleRate, 1),
    };
  }),
  media,
  other: z
    .object({ stream_sid: id.optional() })
    .transform(({ stream_sid: streamSid }) => ({ streamId: streamSid })),
  formatField: 'media_format',
  unwrap: snakeCased,
};
