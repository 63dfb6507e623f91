import { z } from 'zod';

import type { JsonObject } from '../json-object.js';

/**
 * The client's messages as far as Timbre reads them; fields beyond are skipped, since Genesys adds some from time to time.
 * https://developer.genesys.cloud/devapps/audiohook/protocol-reference
 */

/** A stream lasts a day at most; anything longer is no duration of ours. */
const longestMs = 24 * 60 * 60 * 1000;
export const nilUuid = '00000000-0000-0000-0000-000000000000';

/** ISO 8601, in seconds only, as the protocol writes it; read as milliseconds. */
export const duration = z
  .string()
  .regex(/^PT(?:\d{1,9}|\d{0,9}\.\d{1,18})S$/, 'a duration such as PT1.5S')
  .transform((text) => Number(text.slice(2, -1)) * 1000)
  .refine((ms) => ms <= longestMs, 'at most 24 hours');

const count = z.int().nonnegative();

const offer = z.looseObject({
  type: z.string(),
  format: z.string(),
  channels: z.array(z.string()).max(8),
  rate: z.number(),
});
export type MediaOffer = z.output<typeof offer>;

/** Numbers and names may be empty; a probe has none. */
const optionalText = z.string().max(256).optional();

const open = z.object({
  organizationId: z.guid(),
  conversationId: z.guid(),
  participant: z.object({ id: z.guid(), ani: optionalText, dnis: optionalText }),
  media: z.array(offer).max(16),
  supportedLanguages: z.boolean().optional(),
  continuedSessions: z
    .array(z.object({ id: z.guid(), serverseq: count, clientseq: count }))
    .max(64)
    .default([]),
  customConfig: z.record(z.string(), z.unknown()).default({}),
  /** An Architect flow's own, of an Audio Connector; AudioHook Monitor has none. */
  inputVariables: z.record(z.string(), z.unknown()).optional(),
});
export type AudiohookOpen = z.output<typeof open>;

/** A close is one, whatever it says. */
const closeReason = z.enum(['end', 'error', 'disconnect', 'reconnect']).catch('end');
export type AudiohookCloseReason = z.output<typeof closeReason>;

const missing = z.object({ discarded: duration.catch(0) });

/** What each type has to say of itself, as far as Timbre needs it. */
const parametersOf = {
  open,
  close: z.object({ reason: closeReason }),
  discarded: missing,
  error: z.object({}),
  paused: z.object({}),
  ping: z.object({}),
  resumed: missing,
  update: z.object({}),
  // Of an Audio Connector.
  dtmf: z.object({}),
  playback_started: z.object({}),
  playback_completed: z.object({}),
} as const;

type ClientType = keyof typeof parametersOf;

export type ClientMessage = {
  [Type in ClientType]: { readonly type: Type; readonly parameters: z.output<(typeof parametersOf)[Type]> };
}[ClientType];

export function isClientType(type: string): type is ClientType {
  return Object.hasOwn(parametersOf, type);
}

/** Undefined where something is missing or wrong. */
export function readMessage(type: ClientType, parameters: JsonObject): ClientMessage | undefined {
  const parsed = parametersOf[type].safeParse(parameters);
  // The table pairs every type with its own schema.
  return parsed.success ? ({ type, parameters: parsed.data } as ClientMessage) : undefined;
}
