import { delimiter } from 'node:path';
import { z } from 'zod';
import { parseMasterKeys } from './master-keys.js';

function integer(lowest: number, highest: number) {
  const expected = `a whole number from ${lowest} to ${highest}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, expected)
    .transform(Number)
    .refine((value) => value >= lowest && value <= highest, expected);
}

function url(expected: string, ...protocols: string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), expected);
}

/**
 * One schema of every environment variable. Each field's description is its line in docs/operations.md;
 * the default stands in the schema in the words a person would write it in.
 */
export const variablesSchema = z.object({
  TIMBRE_HTTP_PORT: integer(0, 65_535)
    .prefault('8080')
    .describe('Port for HTTP and WebSockets; 0 takes any free one.'),
  TIMBRE_HTTP_HOST: z
    .string()
    .min(1, 'a host name or address')
    .prefault('127.0.0.1')
    .describe('Address to listen on. `0.0.0.0` for all: put TLS in front of it.'),
  TIMBRE_PUBLIC_URL: url('an http(s) URL such as https://timbre.example.com', 'http:', 'https:')
    .optional()
    .describe('The URL by which telephony platforms reach Timbre. Needed where they sign it (Twilio).'),
  DATABASE_URL: url(
    'a URL such as postgres://timbre:secret@db.example.com/timbre',
    'postgres:',
    'postgresql:',
  )
    .optional()
    .describe(
      'PostgreSQL 15 or later, as a login role without superuser or BYPASSRLS that owns its database. Without it Timbre runs its own PostgreSQL under the data directory.',
    ),
  TIMBRE_LISTEN_DATABASE_URL: url(
    'a URL such as postgres://timbre:secret@db.example.com/timbre',
    'postgres:',
    'postgresql:',
  )
    .optional()
    .describe(
      'Where the event bus listens and migrations run, when `DATABASE_URL` leads through a pooler: the same database, reached directly (see Poolers).',
    ),
  TIMBRE_DATABASE_POOL: integer(2, 500)
    .prefault('10')
    .describe('Connections of one process to PostgreSQL, beside two for the event bus.'),
  TIMBRE_EMBEDDED_DATABASE_PORT: integer(0, 65_535)
    .prefault('0')
    .describe(
      'Port of the embedded PostgreSQL on 127.0.0.1; 0 takes a free one at first start and keeps it.',
    ),
  TIMBRE_DATA_DIR: z
    .string()
    .min(1, 'a path')
    .prefault('.timbre')
    .describe('Where the embedded PostgreSQL and the generated master key live.'),
  TIMBRE_MODEL_DIR: z
    .string()
    .min(1, 'a path')
    .prefault('models/timbre-sv-8k-v1')
    .describe('Folder of the speaker model; three are shipped (see Choosing the model).'),
  TIMBRE_PREVIOUS_MODEL_DIRS: z
    .string()
    .refine(
      (text) => text.split(delimiter).every((path) => path.trim() !== ''),
      `paths separated by "${delimiter}"`,
    )
    .optional()
    .describe(
      'Folders of earlier models, separated as in `PATH`, that are served beside the current one until their customers have moved on (see Changing the model).',
    ),
  TIMBRE_RETIRED_MODEL_DAYS: integer(0, 365)
    .prefault('30')
    .describe(
      'Days from the moment no process serves a model any more until its voiceprints are destroyed. They are expired at once.',
    ),
  TIMBRE_WORKERS: integer(1, 256)
    .optional()
    .describe('Worker threads for speech analysis. Without it: one per processor but one, at least one.'),
  TIMBRE_MASTER_KEY: z
    .base64({ error: '32 bytes in base64, as made by: openssl rand -base64 32', abort: true })
    .refine(
      (text) => Buffer.from(text, 'base64').length === 32,
      '32 bytes in base64, as made by: openssl rand -base64 32',
    )
    .optional()
    .describe(
      'The key that wraps every tenant key: whoever loses it loses every voiceprint. With `DATABASE_URL` this or `TIMBRE_MASTER_KEY_FILE` is required; with the embedded PostgreSQL one is generated and kept under the data directory.',
    ),
  TIMBRE_MASTER_KEY_FILE: z
    .string()
    .min(1, 'a path')
    .optional()
    .describe(
      'Instead of `TIMBRE_MASTER_KEY`: a file with the key in base64, and below it earlier ones, one a line. It may be exchanged while Timbre runs (see Keys).',
    ),
  TIMBRE_PREVIOUS_MASTER_KEYS: z
    .string()
    .transform((text) => parseMasterKeys(text))
    .refine((keys) => keys !== undefined, 'keys of 32 bytes in base64, separated by commas')
    .transform(({ current, previous }) => [current, ...previous])
    .optional()
    .describe(
      'Earlier values of `TIMBRE_MASTER_KEY`, separated by commas, that still open what they wrapped, until `timbre-keys status` says that nothing needs them (see Keys).',
    ),
  TIMBRE_KEY_DATABASE_URL: url(
    'a URL such as postgres://timbre:secret@keys.example.com/timbre_keys',
    'postgres:',
    'postgresql:',
  )
    .optional()
    .describe(
      'PostgreSQL database for halves of customers’ keys, apart from `DATABASE_URL` and its backups (see Keys). Without it they lie in the schema `timbre_keys` of `DATABASE_URL`; the embedded PostgreSQL has a database of its own for them.',
    ),
  TIMBRE_LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'one of fatal, error, warn, info, debug, trace, silent',
    )
    .prefault('info')
    .describe('The least severe level that is logged.'),
  TIMBRE_AGENT_PAGE_FRAMED_BY: z
    .string()
    .refine(
      (text) =>
        text.split(/\s+/).every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'origins such as https://desk.example.com, separated by spaces',
    )
    .optional()
    .describe(
      'Origins, separated by spaces, whose pages may show the agent page in a frame (CSP frame-ancestors).',
    ),
  TIMBRE_MAX_UPLOAD_SECONDS: integer(1, 3600)
    .prefault('600')
    .describe('Longest recording taken for an enrolment.'),
  TIMBRE_CUSTOMER_LINK_SECONDS: integer(30, 3600)
    .prefault('600')
    .describe('How long a link to the customer page may be opened; whoever asks for one may ask for less.'),
  TIMBRE_CUSTOMER_IDLE_SECONDS: integer(60, 3600)
    .prefault('600')
    .describe('A visit to the customer page without a request for this long is over.'),
  TIMBRE_FIRST_MESSAGE_TIMEOUT_MS: integer(100, 60_000)
    .prefault('5000')
    .describe('A telephony socket without a valid first message by then is closed.'),
  TIMBRE_SILENCE_TIMEOUT_MS: integer(1000, 3_600_000)
    .prefault('60000')
    .describe('A call that sends no audio for this long is closed.'),
  TIMBRE_QUIET_AFTER_MS: integer(1000, 3_600_000)
    .prefault('5000')
    .describe(
      'A platform that sends audio all the time and has sent none for this long is taken for gone: its call is held as if the stream had broken off.',
    ),
  TIMBRE_RESUME_WITHIN_MS: integer(0, 60_000)
    .prefault('10000')
    .describe(
      'A call whose stream broke off is held this long for another stream to resume it; 0 closes it at once.',
    ),
  TIMBRE_ENGINE_MAX_WAITING_MS: integer(100, 60_000)
    .prefault('5000')
    .describe(
      'Audio of one live call that may wait for analysis; past it the oldest is dropped, counted and reported.',
    ),
  TIMBRE_SHUTDOWN_GRACE_MS: integer(0, 600_000)
    .prefault('10000')
    .describe('How long shutdown waits for live calls, and then for queues.'),
  TIMBRE_SWEEP_INTERVAL_MS: integer(1000, 86_400_000)
    .prefault('300000')
    .describe('How often expired voiceprints and unfinished enrolments are looked for and destroyed.'),
});

export type Variables = z.output<typeof variablesSchema>;
