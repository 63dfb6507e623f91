import { parseArgs, type ParseArgsConfig } from 'node:util';

import { z } from 'zod';

import { type ProtocolChoice, protocolNames, speakerOf, speakers } from './protocols.js';
import type { OptionValues } from './speaker.js';
import type { CallOptions } from './stream-call.js';
import { UsageError } from './usage-error.js';

export const usage = `Usage: timbre-call FILE.wav [FILE2.wav …] --url URL [options]

Plays WAV files (16-bit PCM, A-law or µ-law; 8, 16 or 48 kHz) as one call.

  --url URL             ws://127.0.0.1:8080/v1/telephony/stream, or the path of another protocol
  --protocol NAME       ${protocolNames.join(', ')}; default plain
  --customer REF        whom the caller claims to be: customer id or account reference
  --speed N             1 (default) for talking speed, 0 for as fast as accepted
  --encoding NAME       mulaw, alaw or l16; default the protocol's own
  --rate HZ             8000, 16000, 24000 or 48000; default the first file's
  --stereo              two channels, the second one silent where a file has only one
  --caller-channel N    0 (default) or 1
  --ani NUMBER          the caller's number
  --dnis NUMBER         the number that was called
  --call-id ID          the telephony platform's id of the call
  --direction WAY       inbound or outbound
  --attestation LEVEL   what STIR/SHAKEN vouches for of the number: A, B, C or failed
  --drop-at SECONDS     the network fails so far into the call, and the platform comes back with the same call
  --drop-for SECONDS    how long it is away; default 2
${protocolNames.map((name) => `${name}:\n${speakers[name].usage}`).join('\n')}
`;

const options: ParseArgsConfig['options'] = {
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
  direction: { type: 'string' },
  attestation: { type: 'string' },
  'drop-at': { type: 'string' },
  'drop-for': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  ...Object.fromEntries(protocolNames.flatMap((name) => Object.entries(speakers[name].options))),
};

const argumentsSchema = z
  .object({
    url: z
      .string('--url is required')
      .refine((url) => /^wss?:\/\//.test(url), '--url must begin with ws:// or wss://'),
    protocol: z.enum(protocolNames, `--protocol is one of ${protocolNames.join(', ')}`).default('plain'),
    speed: z.coerce.number('--speed is a number').min(0, '--speed is 0 or more').default(1),
    encoding: z.enum(['mulaw', 'alaw', 'l16'], '--encoding is mulaw, alaw or l16').optional(),
    rate: z.coerce
      .number()
      .pipe(z.literal([8000, 16000, 24000, 48000], '--rate is 8000, 16000, 24000 or 48000'))
      .optional(),
    'caller-channel': z.coerce
      .number()
      .pipe(z.literal([0, 1], '--caller-channel is 0 or 1'))
      .default(0),
    direction: z.enum(['inbound', 'outbound'], '--direction is inbound or outbound').optional(),
    attestation: z.enum(['A', 'B', 'C', 'failed'], '--attestation is A, B, C or failed').optional(),
    'drop-at': z.coerce.number('--drop-at is a number').min(0, '--drop-at is 0 or more').optional(),
    'drop-for': z.coerce.number('--drop-for is a number').min(0, '--drop-for is 0 or more').default(2),
  })
  .loose();

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
  const { url, speed, encoding, rate, direction, attestation, 'drop-at': dropAt } = parsed.data;
  const name = parsed.data.protocol;
  const speaker = speakerOf(name);
  if (encoding !== undefined && !speaker.encodings.includes(encoding)) {
    throw new UsageError(`${name} streams are ${speaker.encodings.join(' or ')}`);
  }
  if (rate !== undefined && !speaker.ratesHz.includes(rate)) {
    throw new UsageError(`${name} streams are at ${speaker.ratesHz.join(' or ')} Hz`);
  }
  // As `read` of this very name gave them.
  const protocol = { kind: name, ...(speaker.read(values, env) as object) } as ProtocolChoice;
  return {
    kind: 'call',
    options: {
      files,
      url,
      protocol,
      speed,
      // The file's own, where the protocol takes what telephony files come in.
      encoding: encoding ?? (speaker.encodings.includes('mulaw') ? undefined : speaker.encodings[0]),
      sampleRateHz: rate ?? (speaker.ratesHz.length === 1 ? speaker.ratesHz[0] : undefined),
      stereo: values.stereo === true,
      callerChannel: parsed.data['caller-channel'],
      customer: text(values['customer']),
      ani: text(values['ani']),
      dnis: text(values['dnis']),
      callId: text(values['call-id']),
      direction,
      attestation,
      drop: dropAt === undefined ? undefined : { atMs: dropAt * 1000, forMs: parsed.data['drop-for'] * 1000 },
    },
  };
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parse(args: readonly string[]): { values: OptionValues; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { values: { ...values }, positionals };
  } catch (error) {
    // parseArgs throws nothing but TypeErrors that name the argument.
    throw new UsageError((error as TypeError).message);
  }
}
