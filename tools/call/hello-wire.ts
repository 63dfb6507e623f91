import type { AudioEncoding } from '../../src/core/audio/stream-format.js';
import { type CallAudio, encoders } from './call-audio.js';
import type { Environment, OptionValues, Speaker } from './speaker.js';
import { required } from './usage-error.js';
import type { CallFacts, CallWire, Frame } from './wire.js';

export interface HelloOptions {
  readonly token: string;
  /** Both voices in one channel, as a conference gives them. */
  readonly mixed?: boolean;
}

/** How the voices of a call go over the wire. */
export type Mix = 'mono' | 'mixed' | 'stereo';

/** The command line of the platforms that say hello in a text and then send audio. */
export const helloSpeaker: Pick<Speaker<HelloOptions>, 'options' | 'usage' | 'read'> = {
  options: { token: { type: 'string' }, mixed: { type: 'boolean' } },
  usage: `  --token TOKEN         of a telephony role; or TIMBRE_TOKEN in the environment
  --mixed               both channels as one, and said to be so`,
  read: ({ token, mixed }: OptionValues, env: Environment) => ({
    token: required(token ?? env['TIMBRE_TOKEN'], '--token'),
    mixed: mixed === true,
  }),
};

/** The platforms that know only user names and passwords. */
export function basicAuth({ token }: HelloOptions): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`timbre:${token}`).toString('base64')}` };
}

export function mixOf({ channels }: CallAudio, { mixed }: HelloOptions): Mix {
  if (mixed === true) return 'mixed';
  return channels.length === 2 ? 'stereo' : 'mono';
}

/** A text, then nothing but audio, the caller's channel first; hung up by closing the socket. */
export function helloWire(
  start: Pick<CallWire, 'headers' | 'subprotocols' | 'url'> & { readonly hello: string },
  mix: Mix,
  { callerChannel }: CallFacts,
  encoding: AudioEncoding,
): CallWire {
  const { hello, ...rest } = start;
  return {
    ...rest,
    begin: () => [hello],
    packet: (channels): Frame[] => {
      const [one, two] = channels;
      if (!one) return [];
      const [caller, agent] = callerChannel === 1 && two ? [two, one] : [one, two];
      return [encoders[encoding](voices(caller, agent, mix))];
    },
    end: () => 'hang-up',
  };
}

function voices(caller: Float32Array, agent: Float32Array | undefined, mix: Mix): Float32Array {
  if (!agent || mix === 'mono') return caller;
  if (mix === 'mixed') return caller.map((sample, i) => Math.max(-1, Math.min(1, sample + (agent[i] ?? 0))));
  return Float32Array.from(
    { length: caller.length * 2 },
    (_, i) => (i % 2 === 0 ? caller : agent)[i >> 1] ?? 0,
  );
}

/** The URL with these fields in its query, where it does not have them already. */
export function withQuery(url: string, fields: Readonly<Record<string, string | undefined>>): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !whole.searchParams.has(name)) whole.searchParams.set(name, value);
  }
  return whole.href;
}
