import { z } from 'zod';

import type { JsonObject } from '../json-object.js';
import type { Dialect, MediaPacket, StreamStart } from '../media-streams/dialect.js';
import { type Encodings, formatOf, id, parameters } from '../media-streams/fields.js';

/*
 * Azure Communication Services audio streaming. Each message lies under its kind, and says nothing of the call but what the URL
 * and the upgrade's headers do. https://learn.microsoft.com/azure/communication-services/concepts/call-automation/audio-streaming-concept
 */

const encodings: Encodings = { pcm: ['l16', [8000, 16000, 24000]] };

/** A phone; `8:` is a user of the service and `28:` a bot. */
const phone = '4:';

const startMessage = z.object({
  audioMetadata: z.object({
    subscriptionId: id,
    encoding: z.string(),
    sampleRate: z.coerce.number(),
    channels: z.coerce.number().default(1),
  }),
});

const media = z.object({
  audioData: z.object({
    data: z.string(),
    timestamp: z.string().optional(),
    participantRawID: z.string().nullish(),
  }),
});

/** `audioData` beside `"kind":"AudioData"`. */
function unwrap(message: JsonObject): JsonObject {
  if (message['kind'] === 'AudioMetadata') return { ...message, event: 'start' };
  if (message['kind'] === 'AudioData') return { ...message, event: 'media' };
  return { ...message, event: message['kind'] === 'DtmfData' ? 'dtmf' : message['kind'] };
}

/**
 * `mix=mono` in the query: the stream is unmixed, and of its participants the phone is the caller (the one of `from`, else the first
 * that speaks). Without it all voices are in one.
 */
export function azureAt(query: JsonObject, connectionId: string | undefined): Dialect {
  const { mix, callId, ...said } = query;
  const isMixed = mix !== 'mono';
  let caller = typeof said['from'] === 'string' ? phone + said['from'] : undefined;
  const trackOf = (participant: string): string => {
    if (isMixed) return 'inbound';
    if (participant.startsWith(phone)) caller ??= participant;
    return participant === caller ? 'inbound' : 'outbound';
  };
  return {
    protocol: 'azure',
    start: startMessage.transform(({ audioMetadata }): StreamStart => {
      const { subscriptionId, encoding, sampleRate, channels } = audioMetadata;
      return {
        streamId: subscriptionId,
        callId: connectionId ?? (typeof callId === 'string' ? callId : subscriptionId),
        parameters: parameters.parse(said),
        format: formatOf(encodings, encoding, sampleRate, channels),
        ...(isMixed && { mixed: true }),
      };
    }),
    media: media.transform(({ audioData }): MediaPacket => {
      const atMs = Date.parse(audioData.timestamp ?? '');
      return {
        track: trackOf(audioData.participantRawID ?? ''),
        timestampMs: Number.isNaN(atMs) ? undefined : atMs,
        payload: audioData.data,
      };
    }),
    other: z.object({}),
    formatField: 'sampleRate',
    closeEnds: true,
    unwrap,
  };
}
