/** Withdraws consents by the use case itself, in a process that may be killed at it: `DATABASE_URL TENANT`, then one customer and consent a message. */
import { entities } from '../src/app.module.js';
import type { ConsentId, CustomerId, TenantId, TokenId } from '../src/core/ids.js';
import { migrations } from '../migrations/index.js';
import { FactFeed } from '../src/modules/installation/facts/fact-feed.js';
import { StoredReaders } from '../src/modules/installation/facts/stored-readers.js';
import { Withdrawals } from '../src/modules/people/withdrawals/withdrawals.service.js';
import { systemClock } from '../src/platform/clock.js';
import { createDataSource } from '../src/platform/database/data-source.js';
import { Database } from '../src/platform/database/database.service.js';
import { PostgresEventBus } from '../src/platform/event-bus/postgres-event-bus.js';
import { createLogger } from '../src/platform/logging/logger.js';

export interface WantedWithdrawal {
  readonly customerId: CustomerId;
  readonly consentId: ConsentId;
  readonly tokenId: TokenId;
}

const [url = '', tenantId = ''] = process.argv.slice(2);
const logger = createLogger('error');
const source = createDataSource({ url, pool: 1, entities, migrations }, logger);
await source.initialize();
const database = new Database(source);
const feed = new FactFeed(database, new PostgresEventBus(url, logger), logger);
const withdrawals = new Withdrawals(database, new StoredReaders(database, feed, logger), systemClock);

process.on('message', ({ customerId, consentId, tokenId }: WantedWithdrawal) => {
  const by = { tenantId: tenantId as TenantId, tokenId, role: 'privacy' as const };
  void withdrawals.withdraw(by, customerId, consentId);
});
process.send?.('ready');
