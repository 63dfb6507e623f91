#!/usr/bin/env node
import 'reflect-metadata';
import { migrations } from '../../migrations/index.js';
import { telephonyCredentialsEntities } from '../../src/modules/installation/credentials/telephony-credentials.entities.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { voiceprintsEntities } from '../../src/modules/people/voiceprints/voiceprints.entities.js';
import { watchlistsEntities } from '../../src/modules/fraud/watchlists/watchlists.entities.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { configuredVault } from '../../src/platform/crypto/configured-vault.js';
import { acceptKeyStore, startKeyStore } from '../../src/platform/crypto/key-store-identity.js';
import { PostgresKeyShares } from '../../src/platform/crypto/postgres-key-shares.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.service.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { FactFeed } from '../../src/modules/installation/facts/fact-feed.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { reachDatabase } from '../reach-database.js';
import { parseArguments, UsageError, usage, type Asked, type KeyAsked } from './arguments.js';
import { KeyCommands } from './commands.js';

const entities = [
  ...tenantsEntities,
  ...voiceprintsEntities,
  ...watchlistsEntities,
  ...telephonyCredentialsEntities,
];

async function run(asked: Asked): Promise<boolean> {
  const config = loadConfig(process.env);
  const needsFile =
    asked.command === 'forget-previous' || (asked.command === 'rotate-master' && asked.newKey);
  if (needsFile && config.masterKeyFile === undefined)
    throw new UsageError(
      'the master key comes from TIMBRE_MASTER_KEY: exchange it there, with the old one in TIMBRE_PREVIOUS_MASTER_KEYS',
    );
  const logger = createLogger('silent');
  const closing: (() => Promise<void> | void)[] = [];
  try {
    const reached = await reachDatabase(config);
    closing.push(() => reached.stop());
    const source = createDataSource({ url: reached.url, pool: 3, entities, migrations }, logger);
    await source.initialize();
    closing.push(() => source.destroy());
    await migrate(reached.url, source);
    const shares = new PostgresKeyShares(reached.keysUrl, logger);
    closing.push(() => shares.close());
    if (asked.command === 'accept-store') {
      const storeId = await acceptKeyStore(source, shares, asked.insteadOf);
      process.stdout.write(`the database goes with the key store ${storeId} now\n`);
      return true;
    }
    await startKeyStore(source, shares);
    const bus = new PostgresEventBus(reached.url, logger);
    await bus.start();
    closing.push(() => bus.close());
    const database = new Database(source);
    const feed = new FactFeed(database, bus, logger);
    await feed.onModuleInit();
    closing.push(() => feed.beforeApplicationShutdown());
    const parts = { database, vault: configuredVault(config), shares, feed };
    const commands = new KeyCommands(parts, (line) => {
      process.stdout.write(`${line}\n`);
    });
    closing.push(() => {
      commands.close();
    });
    return await carryOut(commands, asked, config.masterKeyFile);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function carryOut(
  commands: KeyCommands,
  asked: KeyAsked,
  keyFile: string | undefined,
): Promise<boolean> {
  switch (asked.command) {
    case 'status':
      return commands.status();
    case 'rotate-tenant':
      return commands.rotateTenant(asked.tenant);
    case 'rotate-master':
      await commands.rotateMaster(asked.newKey ? keyFile : undefined);
      return true;
    case 'forget-previous':
      return commands.forgetPrevious(keyFile ?? '');
  }
}

try {
  const asked = parseArguments(process.argv.slice(2));
  if (asked === undefined) process.stdout.write(usage);
  else process.exitCode = (await run(asked)) ? 0 : 1;
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n${isUsage ? `\n${usage}` : ''}`,
  );
  process.exitCode = isUsage ? 2 : 3;
}
