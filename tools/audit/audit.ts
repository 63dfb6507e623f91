import { readFile } from 'node:fs/promises';
import { loadConfig } from '../../src/platform/config/config.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { reachDatabase } from '../reach-database.js';
import { parseArguments, parseHeads, UsageError, usage, type Asked } from './arguments.js';
import { exportLedger, printHeads, verify } from './commands.js';
import { verifyReceipt } from './verify-receipt.js';

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when more can be taken. */
  write(text: string): Promise<void>;
  complain(text: string): void;
}

/** timbre-audit in any surroundings. Resolves with the exit status that `usage` explains. */
export async function audit(args: readonly string[], around: Surroundings): Promise<number> {
  const print = (line: string): void => void around.write(`${line}\n`);
  try {
    const [command, ...rest] = args;
    if (command === 'verify-receipt' && !rest.includes('--help'))
      return (await verifyReceipt(rest, print)) ? 0 : 1;
    const asked = parseArguments(args);
    if (asked !== undefined) return await run(asked, around, print);
    await around.write(usage);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const said = error instanceof Error ? error.message : String(error);
    around.complain(`${said}\n${isUsage ? `\n${usage}` : ''}`);
    return isUsage ? 2 : 3;
  }
}

async function run(asked: Asked, around: Surroundings, print: (line: string) => void): Promise<number> {
  const anchors = asked.heads === undefined ? [] : parseHeads(await readFile(asked.heads, 'utf8'));
  const reached = await reachDatabase(loadConfig(around.env));
  try {
    // Without migrations: looking changes nothing.
    const settings = { url: reached.url, pool: 1, entities: [], migrations: [] };
    const source = createDataSource(settings, createLogger('silent'));
    await source.initialize();
    try {
      switch (asked.command) {
        case 'verify':
          return (await verify(source, asked, anchors, print)) ? 0 : 1;
        case 'head':
          await printHeads(source, asked, print);
          return 0;
        case 'export':
          await exportLedger(source, asked, (line) => around.write(line));
          return 0;
      }
    } finally {
      await source.destroy();
    }
  } finally {
    await reached.stop();
  }
}
