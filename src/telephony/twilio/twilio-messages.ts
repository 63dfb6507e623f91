import { z } from 'zod';

/**
 * Twilio's messages as far as Timbre reads them; fields beyond are skipped, since Twilio adds some from time to time.
 * https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */

/** Twilio writes numbers as strings. */
const count = z
  .union([z.string().regex(/^\d{1,15}$/), z.int().nonnegative()], 'a whole number')
  .transform((value) => Number(value));

/** Twilio ends a call after 24 hours at most. */
const LONGEST_CALL_MS = 24 * 60 * 60 * 1000;

export const eventSchema = z.object({ event: z.string('text') });

export const connectedSchema = z.object({ protocol: z.literal('Call', 'Call') });

export const startSchema = z.object({
  start: z.object({
    accountSid: z.string().min(1).max(64),
    callSid: z.string().min(1).max(64),
    tracks: z.array(z.string()),
    mediaFormat: z.object({
      encoding: z.string(),
      sampleRate: z.coerce.number(),
      channels: z.coerce.number(),
    }),
    customParameters: z.record(z.string(), z.string()).default({}),
  }),
});

export const mediaSchema = z.object({
  media: z.object({
    track: z.string(),
    chunk: count,
    timestamp: count.refine((value) => value <= LONGEST_CALL_MS),
    payload: z.string(),
  }),
});

export type TwilioStart = z.output<typeof startSchema>['start'];
export type TwilioMedia = z.output<typeof mediaSchema>['media'];

/** RFC 4648 §4, with padding and nothing else: Buffer.from would skip whatever it does not know. */
export function decodeBase64(text: string): Buffer | undefined {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}
