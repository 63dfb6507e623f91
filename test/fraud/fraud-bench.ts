import { randomBytes } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { createHttpApp } from '../../src/app/http-app.js';
import { roles, type Principal, type Role } from '../../src/core/auth/principal.js';
import type { TenantId } from '../../src/core/ids.js';
import { AccountsModule } from '../../src/modules/accounts/accounts.module.js';
import { accountsEntities } from '../../src/modules/accounts/accounts.entities.js';
import { AuthModule } from '../../src/modules/auth/auth.module.js';
import { authEntities } from '../../src/modules/auth/auth.entities.js';
import { TokensService } from '../../src/modules/auth/tokens.service.js';
import { callsEntities } from '../../src/modules/calls/calls.entities.js';
import { FlagsModule } from '../../src/modules/flags/flags.module.js';
import { flagsEntities } from '../../src/modules/flags/flags.entities.js';
import { FlagsService } from '../../src/modules/flags/flags.service.js';
import { PoliciesModule } from '../../src/modules/policies/policies.module.js';
import { policiesEntities } from '../../src/modules/policies/policies.entities.js';
import { PoliciesService } from '../../src/modules/policies/policies.service.js';
import { TenantsModule } from '../../src/modules/tenants/tenants.module.js';
import { tenantsEntities } from '../../src/modules/tenants/tenants.entities.js';
import { TenantsService } from '../../src/modules/tenants/tenants.service.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { localKeyVault } from '../../src/platform/crypto/local-key-vault.js';
import type { BusMessage } from '../../src/platform/event-bus/event-bus.port.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import { Readiness } from '../../src/platform/health/readiness.js';
import { Shutdown } from '../../src/platform/health/shutdown.js';
import { PlatformModule, type PlatformParts } from '../../src/platform/platform.module.js';
import { silentLogger, startDatabase, type TestDatabase } from '../support/postgres.js';

const entities = [
  ...tenantsEntities,
  ...authEntities,
  ...callsEntities,
  ...policiesEntities,
  ...flagsEntities,
  ...accountsEntities,
];

/** A tenant of its own for one test, with a token of each role. */
export interface TestTenant {
  readonly tenantId: TenantId;
  as(role: Role): Requests;
  principal(role: Role): Principal;
}

type Method = 'get' | 'put' | 'post' | 'patch';
type Requests = Readonly<Record<Method, (path: string) => request.Test>>;

/** The parts of Timbre that keep flags, over real HTTP and PostgreSQL: calls are rows, as other processes' calls are. */
export class FraudBench {
  readonly registry = new Registry();
  /** The clock that everything here runs on. */
  nowMs = Date.parse('2026-11-24T10:00:00.000Z');

  private constructor(
    readonly db: TestDatabase,
    readonly bus: PostgresEventBus,
  ) {}

  app!: NestExpressApplication;

  static async start(): Promise<FraudBench> {
    const db = await startDatabase(entities);
    const bus = new PostgresEventBus(db.url, silentLogger);
    await bus.start();
    const bench = new FraudBench(db, bus);
    const masterKey = randomBytes(32);
    const parts: PlatformParts = {
      config: loadConfig({ TIMBRE_MASTER_KEY: masterKey.toString('base64'), DATABASE_URL: db.url }),
      clock: { nowMs: () => bench.nowMs },
      logger: silentLogger,
      registry: bench.registry,
      database: db.database,
      bus,
      vault: localKeyVault(masterKey),
      readiness: new Readiness(),
      shutdown: new Shutdown(),
    };
    class Root {}
    const imports = [
      PlatformModule.with(parts),
      AuthModule,
      TenantsModule,
      PoliciesModule,
      FlagsModule,
      AccountsModule,
    ];
    bench.app = await createHttpApp({ module: Root, imports }, parts);
    await bench.app.listen(0, '127.0.0.1');
    return bench;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.bus.close();
    await this.db.stop();
  }

  get flags(): FlagsService {
    return this.app.get(FlagsService);
  }

  get policies(): PoliciesService {
    return this.app.get(PoliciesService);
  }

  async tenant(name: string): Promise<TestTenant> {
    const tenantId = await this.app.get(TenantsService).create(name);
    const tokens = new Map<Role, { token: string; principal: Principal }>();
    for (const role of roles) {
      const { token, tokenId } = await this.app
        .get(TokensService)
        .create(tenantId, { role, label: role, expiresAt: undefined });
      tokens.set(role, { token, principal: { tenantId, tokenId, role } });
    }
    const send = (role: Role, method: Method) => (path: string) =>
      request(this.app.getHttpServer())
        [method](path)
        .set('Authorization', `Bearer ${tokens.get(role)!.token}`);
    return {
      tenantId,
      as: (role) => ({
        get: send(role, 'get'),
        put: send(role, 'put'),
        post: send(role, 'post'),
        patch: send(role, 'patch'),
      }),
      principal: (role) => tokens.get(role)!.principal,
    };
  }

  /** The next message of the kind, whichever tenant's. */
  heard(kind: BusMessage['kind']): Promise<BusMessage> {
    return new Promise((resolve) => {
      const end = this.bus.subscribe((message) => {
        if (message.kind !== kind) return;
        end();
        resolve(message);
      });
    });
  }

  async metric(name: string): Promise<string> {
    return (await this.registry.getSingleMetricAsString(name)).split('\n').slice(2).join('\n');
  }
}
