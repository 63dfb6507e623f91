import { z } from 'zod';

import type { Dialect, StreamStart } from '../media-streams/dialect.js';
import { count, formatOf, id, parameters, timestampMs, track } from '../media-streams/fields.js';

/*
 * Twilio's messages as far as Timbre reads them; fields beyond are skipped, since Twilio adds some from time to time.
 * https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */

export const mediaFormat = z.object({
  encoding: z.string(),
  sampleRate: z.coerce.number(),
  channels: z.coerce.number(),
});

const startMessage = z.object({
  streamSid: id,
  start: z.object({
    accountSid: id,
    callSid: id,
    tracks: z.array(track),
    mediaFormat,
    customParameters: parameters,
  }),
});

/** `stream` says whether the stream's id must be there. */
export function mediaOf<Id extends string | undefined>(stream: z.ZodType<Id>): Dialect['media'] {
  return z
    .object({
      streamSid: stream,
      media: z.object({ track, chunk: count, timestamp: timestampMs, payload: z.string() }),
    })
    .transform(({ streamSid, media }) => ({
      streamId: streamSid,
      track: media.track,
      chunk: media.chunk,
      timestampMs: media.timestamp,
      payload: media.payload,
    }));
}

export const twilio: Dialect = {
  protocol: 'twilio',
  connected: z.object({ protocol: z.literal('Call') }),
  start: startMessage.transform(({ streamSid, start }): StreamStart => {
    const { encoding, sampleRate, channels } = start.mediaFormat;
    return {
      streamId: streamSid,
      accountId: start.accountSid,
      callId: start.callSid,
      tracks: start.tracks,
      parameters: start.customParameters,
      // µ-law at 8 kHz, one channel, is all that Twilio sends.
      format: formatOf({ 'audio/x-mulaw': ['mulaw', [8000]] }, encoding, sampleRate, channels),
    };
  }),
  media: mediaOf(id),
  other: z.object({ streamSid: id.optional() }).transform(({ streamSid }) => ({ streamId: streamSid })),
  formatField: 'mediaFormat',
};
