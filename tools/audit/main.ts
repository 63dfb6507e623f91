#!/usr/bin/env node
import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { loadConfig } from '../../src/platform/config/config.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { reachDatabase } from '../reach-database.js';
import { parseArguments, parseHeads, UsageError, usage, type Asked } from './arguments.js';
import { exportLedger, printHeads, verify } from './commands.js';
import { verifyReceipt } from './verify-receipt.js';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function run(asked: Asked): Promise<number> {
  const anchors = asked.heads === undefined ? [] : parseHeads(await readFile(asked.heads, 'utf8'));
  const reached = await reachDatabase(loadConfig(process.env));
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
          await exportLedger(source, asked, async (line) => {
            if (!process.stdout.write(line)) await once(process.stdout, 'drain');
          });
          return 0;
      }
    } finally {
      await source.destroy();
    }
  } finally {
    await reached.stop();
  }
}

try {
  const [command, ...rest] = process.argv.slice(2);
  const isReceipt = command === 'verify-receipt' && !rest.includes('--help');
  const asked = isReceipt ? undefined : parseArguments(process.argv.slice(2));
  if (isReceipt) process.exitCode = (await verifyReceipt(rest, print)) ? 0 : 1;
  else if (asked === undefined) process.stdout.write(usage);
  else process.exitCode = await run(asked);
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n${isUsage ? `\n${usage}` : ''}`,
  );
  process.exitCode = isUsage ? 2 : 3;
}
