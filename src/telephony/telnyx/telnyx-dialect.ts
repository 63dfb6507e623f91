import { z } from 'zod';

import { type JsonObject, parseObject } from '../json-object.js';
import type { Dialect, MediaPacket, StreamStart } from '../media-streams/dialect.js';
import {
  count,
  decodeBase64,
  type Encodings,
  formatOf,
  id,
  packet,
  parameters,
} from '../media-streams/fields.js';

/*
 * Telnyx media streaming: Twilio's messages in snake_case, in no promised order.
 * https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming
 */

/** For OPUS and AMR-WB there is no decoder here. */
const encodings: Encodings = {
  pcmu: ['mulaw', [8000]],
  pcma: ['alaw', [8000]],
  g722: ['g722', [8000, 16000]],
  l16: ['l16', [8000, 16000, 24000, 32000, 48000]],
  'audio/x-mulaw': ['mulaw', [8000]],
};

const startMessage = z.object({
  sequence_number: count.optional(),
  stream_id: id,
  start: z.object({
    call_control_id: id,
    from: z.string().nullish(),
    to: z.string().nullish(),
    client_state: z.string().nullish(),
    custom_parameters: parameters,
    media_format: z.object({
      encoding: z.string(),
      sample_rate: z.coerce.number(),
      channels: z.coerce.number().default(1),
    }),
  }),
});

const media = z
  .object({
    sequence_number: count.optional(),
    stream_id: id.optional(),
    media: packet,
  })
  .transform((message): MediaPacket => ({
    streamId: message.stream_id,
    sequence: message.sequence_number,
    track: message.media.track,
    chunk: message.media.chunk,
    timestampMs: message.media.timestamp,
    payload: message.media.payload,
  }));

/** Call Control has no parameters but this text in base64; if it is a JSON object, its texts are taken for them. */
function stateParameters(clientState: string | null | undefined): Record<string, string> {
  const state = parseObject(decodeBase64(clientState ?? '')?.toString('utf8') ?? '') ?? {};
  const texts = Object.entries(state).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Samples as a little-endian reader wants them. */
function swapped(payload: string): string {
  const bytes = decodeBase64(payload);
  // Half a sample stays what it is: a fault, told further on.
  return bytes && bytes.length % 2 === 0 ? bytes.swap16().toString('base64') : payload;
}

/**
 * `l16` in the query of the stream's URL says the byte order of L16. The payload is RTP's without its header, so that it should
 * be big-endian (RFC 3551 §4.5.11); Telnyx does not say, and those who have listened to its sockets report either. Little-endian
 * unless told.
 */
export function telnyxAt(query: JsonObject): Dialect {
  if (query['l16'] !== 'big-endian') return telnyx;
  let isL16 = false;
  return {
    ...telnyx,
    start: telnyx.start.transform((start) => {
      isL16 = start.format?.encoding === 'l16';
      return start;
    }),
    media: telnyx.media.transform((packet) =>
      isL16 ? { ...packet, payload: swapped(packet.payload) } : packet,
    ),
  };
}

export const telnyx: Dialect = {
  protocol: 'telnyx',
  start: startMessage.transform(({ sequence_number: sequence, stream_id: streamId, start }): StreamStart => {
    const { encoding, sample_rate: sampleRate, channels } = start.media_format;
    return {
      streamId,
      sequence,
      callId: start.call_control_id,
      ani: start.from ?? undefined,
      dnis: start.to ?? undefined,
      parameters: { ...stateParameters(start.client_state), ...start.custom_parameters },
      format: formatOf(encodings, encoding, sampleRate, channels),
    };
  }),
  media,
  other: z
    .object({ sequence_number: count.optional(), stream_id: id.optional() })
    .transform((message) => ({ sequence: message.sequence_number, streamId: message.stream_id })),
  formatField: 'media_format',
  reorderWithinMs: 400,
  // https://developers.telnyx.com/docs/voice/stir-shaken/sip-header-parameters
  plainPass: 'A',
};
