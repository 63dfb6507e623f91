import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Nest's own lines go to pino: what it says while it starts at debug level, its warnings and errors as they are. */
export function nestLogger(logger: Logger): LoggerService {
  const nest = logger.child({ from: 'nest' });
  return {
    log: (message: unknown) => {
      nest.debug(String(message));
    },
    debug: (message: unknown) => {
      nest.trace(String(message));
    },
    verbose: (message: unknown) => {
      nest.trace(String(message));
    },
    warn: (message: unknown) => {
      nest.warn(String(message));
    },
    error: (message: unknown) => {
      if (message instanceof Error) nest.error({ err: message }, 'Nest reports an error');
      else nest.error(String(message));
    },
    fatal: (message: unknown) => {
      nest.fatal(String(message));
    },
  };
}
