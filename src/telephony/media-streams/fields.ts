import { z } from 'zod';

import type { SampleEncoding, StreamFormat, StreamRateHz } from '../../core/audio/stream-format.js';

/** These platforms write numbers as strings, or as numbers. */
export const count = z
  .union([z.string().regex(/^\d{1,15}$/), z.int().nonnegative()], 'a whole number')
  .transform((value) => Number(value));

/** Twilio ends a call after 24 hours at most; none of the others lasts longer. */
const longestCallMs = 24 * 60 * 60 * 1000;

export const timestampMs = count.refine((value) => value <= longestCallMs);

export const id = z.string().min(1).max(128);

/** Texts, and numbers as texts; a parameter that is neither says nothing. */
export const parameters = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch({})
  .transform((value) =>
    Object.fromEntries(
      Object.entries(value ?? {}).flatMap(([name, said]) =>
        typeof said === 'string' || typeof said === 'number' ? [[name, String(said)]] : [],
      ),
    ),
  );

/** Twilio's own messages name a track `inbound`, its TwiML and its dtmf `inbound_track`. */
export const track = z.string().transform((value) => value.replace(/_track$/, ''));

/** What every platform says of a piece of audio; of a stream with one track some leave its name out, and its place. */
export const packet = z.object({
  track: track.default('inbound'),
  chunk: count.nullish().transform((value) => value ?? undefined),
  timestamp: timestampMs.nullish().transform((value) => value ?? undefined),
  payload: z.string(),
});

/** A platform's names for what Timbre decodes, in lower case, and the rates that it may come at. */
export type Encodings = Readonly<Record<string, readonly [SampleEncoding, readonly StreamRateHz[]]>>;

/** Nothing for what Timbre does not decode; one channel, since these platforms send each side by itself. */
export function formatOf(
  encodings: Encodings,
  encoding: string,
  rateHz: number,
  channels: number,
): StreamFormat | undefined {
  const known = Object.entries(encodings).find(([name]) => name === encoding.toLowerCase())?.[1];
  const sampleRateHz = known?.[1].find((hz) => hz === rateHz);
  if (!known || sampleRateHz === undefined || channels !== 1) return undefined;
  const [name] = known;
  // RFC 3551 §4.5.2: by a mistake of old, G.722's clock is said to run at 8000; its samples never did.
  return {
    encoding: name,
    sampleRateHz: name === 'g722' ? 16000 : sampleRateHz,
    channels: 1,
    callerChannel: 0,
  };
}

/**
 * RFC 4648 §4: Buffer.from would skip whatever it does not know. Lines (RFC 2045 §6.8) and missing padding are what an encoder may
 * be set to, and change nothing.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const [, digits] = /^([A-Za-z0-9+/]+)={0,2}$/.exec(/\s/.test(text) ? text.replace(/\s+/g, '') : text) ?? [];
  return digits !== undefined && digits.length % 4 !== 1 ? Buffer.from(digits, 'base64') : undefined;
}
