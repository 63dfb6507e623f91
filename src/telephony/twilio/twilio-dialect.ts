import { z } from 'zod';

import type { Dialect, StreamStart } from '../media-streams/dialect.js';
import { formatOf, id, packet, parameters, track } from '../media-streams/fields.js';

/*
 * Twilio's messages as far as Timbre reads them; fields beyond are skipped, since Twilio adds some from time to time.
 * https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */

export const mediaFormat = z.object({
  encoding: z.string(),
  sampleRate: z.coerce.number(),
  channels: z.coerce.number().default(1),
});

const startMessage = z.object({
  streamSid: id,
  start: z.object({
    accountSid: id,
    callSid: id,
    tracks: z.array(track).nullish(),
    mediaFormat,
    customParameters: parameters,
  }),
});

export const twilio: Dialect = {
  protocol: 'twilio',
  start: startMessage.transform(({ streamSid, start }): StreamStart => {
    const { encoding, sampleRate, channels } = start.mediaFormat;
    return {
      streamId: streamSid,
      accountId: start.accountSid,
      callId: start.callSid,
      tracks: start.tracks ?? undefined,
      parameters: start.customParameters,
      // µ-law at 8 kHz, one channel, is all that Twilio sends.
      format: formatOf({ 'audio/x-mulaw': ['mulaw', [8000]] }, encoding, sampleRate, channels),
    };
  }),
  // Not every platform that speaks so repeats the stream's id.
  media: z.object({ streamSid: id.optional(), media: packet }).transform(({ streamSid, media }) => ({
    streamId: streamSid,
    track: media.track,
    chunk: media.chunk,
    timestampMs: media.timestamp,
    payload: media.payload,
  })),
  other: z.object({ streamSid: id.optional() }).transform(({ streamSid }) => ({ streamId: streamSid })),
  formatField: 'mediaFormat',
};
