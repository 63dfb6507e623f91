import { types } from 'node:util';
import { pino, type DestinationStream, type Logger } from 'pino';

import { errorCode } from '../error-code.js';

export type { Logger } from 'pino';

export const LOGGER = Symbol('Logger');

/** Fields that must never reach a log, wherever a caller puts them. The rule is not to log them at all; this is the net below it. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'masterKey',
  'databaseUrl',
  'listenDatabaseUrl',
  'ani',
  'dnis',
  'accountRef',
  'claimedCustomer',
  'embedding',
  'voiceprint',
  'audio',
];

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Only what cannot hold a row: database errors carry their parameters and the conflicting values in further fields. */
function errorFields(error: unknown): unknown {
  if (!types.isNativeError(error)) return typeof error;
  return {
    type: error.name,
    code: errorCode(error),
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}
