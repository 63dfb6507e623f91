import { z } from 'zod';

import type { AudioEncoding, StreamFormat, StreamRateHz } from '../../core/audio/stream-format.js';

/** These platforms write numbers as strings, or as numbers. */
export const count = z
  .union([z.string().regex(/^\d{1,15}$/), z.int().nonnegative()], 'a whole number')
  .transform((value) => Number(value));

/** Twilio ends a call after 24 hours at most; none of the others lasts longer. */
const LONGEST_CALL_MS = 24 * 60 * 60 * 1000;

export const timestampMs = count.refine((value) => value <= LONGEST_CALL_MS);

export const id = z.string().min(1).max(128);

export const parameters = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

/** Twilio's own messages name a track `inbound`, its TwiML and its dtmf `inbound_track`. */
export const track = z.string().transform((value) => value.replace(/_track$/, ''));

/** A platform's names for what Timbre decodes, in lower case, and the rates that it may come at. */
export type Encodings = Readonly<Record<string, readonly [AudioEncoding, readonly StreamRateHz[]]>>;

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
  return { encoding: known[0], sampleRateHz, channels: 1, callerChannel: 0 };
}

/** RFC 4648 §4, with padding and nothing else: Buffer.from would skip whatever it does not know. */
export function decodeBase64(text: string): Buffer | undefined {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
    ? Buffer.from(text, 'base64')
    : undefined;
}
