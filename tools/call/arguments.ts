import { parseArgs } from 'node:util';

import { z } from 'zod';

import type { CallOptions } from './stream-call.js';

export const usage = `Usage: timbre-call FILE.wav [FILE2.wav …] --url URL [options]

Plays WAV files (16-bit PCM, A-law or µ-law; 8, 16 or 48 kHz) as one call.

  --url URL             ws://127.0.0.1:8080/v1/telephony/stream, or …/v1/telephony/twilio
  --protocol NAME       plain (default) or twilio
  --customer REF        whom the caller claims to be: customer id or account reference
  --speed N             1 (default) for talking speed, 0 for as fast as accepted
  --encoding NAME       mulaw, alaw or l16; default mulaw at 8 kHz, l16 above
  --rate HZ             8000, 16000 or 48000; default the first file's
  --stereo              two channels, the second one silent where a file has only one
  --caller-channel N    0 (default) or 1
  --ani NUMBER          the caller's number
  --dnis NUMBER         the number that was called
  --call-id ID          the telephony platform's id of the call
plain:
  --token TOKEN         of a telephony role; or TIMBRE_TOKEN in the environment
  --results             print each result
twilio:
  --account-sid SID     of the credential known to Timbre
  --auth-token TOKEN    that signs the call; or TWILIO_AUTH_TOKEN in the environment
  --signed-url URL      the server's public wss URL, where it is not --url
`;

const argumentsSchema = z
  .object({
    url: z
      .string('--url is required')
      .refine((url) => /^wss?:\/\//.test(url), '--url must begin with ws:// or wss://'),
    protocol: z.enum(['plain', 'twilio'], '--protocol is plain or twilio').default('plain'),
    speed: z.coerce.number('--speed is a number').min(0, '--speed is 0 or more').default(1),
    encoding: z.enum(['mulaw', 'alaw', 'l16'], '--encoding is mulaw, alaw or l16').optional(),
    rate: z.coerce
      .number()
      .pipe(z.literal([8000, 16000, 48000], '--rate is 8000, 16000 or 48000'))
      .optional(),
    'caller-channel': z.coerce
      .number()
      .pipe(z.literal([0, 1], '--caller-channel is 0 or 1'))
      .default(0),
  })
  .loose();

/** A command line that can't be followed, in words for whoever wrote it. */
export class UsageError extends Error {}

export type Command = { readonly kind: 'help' } | { readonly kind: 'call'; readonly options: CallOptions };

export function parseCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Command {
  const { values, positionals: files } = parse(args);
  if (values.help) return { kind: 'help' };
  if (files.length === 0) throw new UsageError('name at least one WAV file');
  const parsed = argumentsSchema.safeParse(values);
  if (!parsed.success) throw new UsageError(parsed.error.issues.map(({ message }) => message).join('; '));
  const { url, speed, encoding, rate } = parsed.data;
  const protocol =
    parsed.data.protocol === 'plain'
      ? {
          kind: 'plain' as const,
          token: required(values.token ?? env['TIMBRE_TOKEN'], '--token'),
          results: values.results ?? false,
        }
      : {
          kind: 'twilio' as const,
          accountSid: required(values['account-sid'], '--account-sid'),
          authToken: required(values['auth-token'] ?? env['TWILIO_AUTH_TOKEN'], '--auth-token'),
          signedUrl: values['signed-url'],
        };
  if (protocol.kind === 'twilio' && ((encoding ?? 'mulaw') !== 'mulaw' || (rate ?? 8000) !== 8000)) {
    throw new UsageError('twilio streams are mulaw at 8000 Hz');
  }
  return {
    kind: 'call',
    options: {
      files,
      url,
      protocol,
      speed,
      encoding,
      sampleRateHz: protocol.kind === 'twilio' ? 8000 : rate,
      stereo: values.stereo,
      callerChannel: parsed.data['caller-channel'],
      customer: values.customer,
      ani: values.ani,
      dnis: values.dnis,
      callId: values['call-id'],
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        protocol: { type: 'string' },
        customer: { type: 'string' },
        speed: { type: 'string' },
        encoding: { type: 'string' },
        rate: { type: 'string' },
        stereo: { type: 'boolean' },
        'caller-channel': { type: 'string' },
        ani: { type: 'string' },
        dnis: { type: 'string' },
        'call-id': { type: 'string' },
        token: { type: 'string' },
        results: { type: 'boolean' },
        'account-sid': { type: 'string' },
        'auth-token': { type: 'string' },
        'signed-url': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // parseArgs throws nothing but TypeErrors that name the argument.
    throw new UsageError((error as TypeError).message);
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is required`);
  return value;
}
