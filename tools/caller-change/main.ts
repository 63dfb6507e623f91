#!/usr/bin/env node
import { UsageError } from '../evaluate/arguments.js';
import { parseCommand, usage } from './arguments.js';
import { run } from './run.js';

/** 0: measured; 2: the command line or a file is wrong. */
async function main(): Promise<number> {
  try {
    const options = parseCommand(process.argv.slice(2));
    console.log(options ? await run(options) : usage);
    return 0;
  } catch (error) {
    const wrongInput = error instanceof UsageError || (error instanceof Error && 'syscall' in error);
    if (!wrongInput) throw error;
    console.error(`timbre-caller-change: ${error.message}\n\n${usage}`);
    return 2;
  }
}

process.exitCode = await main();
