import { migrations } from '../../migrations/index.js';
import type { Role } from '../../src/core/auth/principal.js';
import { tokensEntities } from '../../src/modules/installation/tokens/tokens.entities.js';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { systemClock } from '../../src/platform/clock.js';
import type { Config } from '../../src/platform/config/config.js';
import { configuredVault } from '../../src/platform/crypto/configured-vault.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.service.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { reachDatabase } from '../reach-database.js';

export interface WantedToken {
  readonly tenant: string;
  readonly role: Role;
  readonly label: string;
  readonly expiresAt: Date | undefined;
  readonly createTenant: boolean;
}

/** Makes the token in the database of the service, whether or not the service runs. */
export async function issueToken(config: Config, wanted: WantedToken): Promise<string> {
  const logger = createLogger('silent');
  const reached = await reachDatabase(config);
  const { url } = reached;
  try {
    const source = createDataSource(
      { url, pool: 2, entities: [...tenantsEntities, ...tokensEntities], migrations },
      logger,
    );
    await source.initialize();
    try {
      await migrate(url, source);
      const database = new Database(source);
      const tenants = new TenantsService(database, configuredVault(config), systemClock);
      const tenantId =
        (await tenants.findByName(wanted.tenant)) ??
        (wanted.createTenant ? await tenants.create(wanted.tenant) : undefined);
      if (tenantId === undefined) {
        throw new Error(`There is no tenant named ${wanted.tenant}: make it with --create-tenant`);
      }
      const tokens = new TokensService(database, systemClock);
      return (await tokens.create(tenantId, wanted)).token;
    } finally {
      await source.destroy();
    }
  } finally {
    await reached.stop();
  }
}
