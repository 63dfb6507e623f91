import 'reflect-metadata';
import { InvalidConfig, loadConfig, type Config } from './platform/config/config.js';
import { createLogger } from './platform/logging/logger.js';
import { startTimbre } from './start.js';

function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = configOrExit();
const logger = createLogger(config.logLevel);

const die = (message: string) => (error: unknown) => {
  logger.fatal({ err: error }, message);
  process.exit(1);
};
process.on('uncaughtException', die('uncaught exception'));
process.on('unhandledRejection', die('unhandled rejection'));

const starting = startTimbre(config, logger);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(130);
    stopping = true;
    logger.info({ signal }, 'told to stop');
    // A start under way is finished first: half a start cannot be closed in order.
    starting
      .then((timbre) => timbre.close())
      .then(() => process.exit(0))
      .catch(die('shutdown failed'));
  });
}

try {
  const timbre = await starting;
  void timbre.failed.then(async () => {
    logger.fatal('the embedded PostgreSQL ended');
    await timbre.close();
    process.exit(1);
  });
} catch (error) {
  die('start failed')(error);
}
