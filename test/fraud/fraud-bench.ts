import request from 'supertest';
import { roles, type Role } from '../../src/core/auth/principal.js';
import type { TenantId } from '../../src/core/ids.js';
import { AccountsModule } from '../../src/modules/fraud/accounts/accounts.module.js';
import { accountsEntities } from '../../src/modules/fraud/accounts/accounts.entities.js';
import { callsEntities } from '../../src/modules/calls/call-log/calls.entities.js';
import { consentsEntities } from '../../src/modules/people/consents/consents.entities.js';
import { customersEntities } from '../../src/modules/people/customers/customers.entities.js';
import { FlagFileModule } from '../../src/modules/fraud/flag-file/flag-file.module.js';
import { FlagsModule } from '../../src/modules/fraud/flags/flags.module.js';
import { flagsEntities } from '../../src/modules/fraud/flags/flags.entities.js';
import { FlagsService } from '../../src/modules/fraud/flags/flags.service.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { policiesEntities } from '../../src/modules/installation/policies/policies.entities.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import { startServer, type TestServer } from '../support/app.js';
import { nextFact } from '../support/facts.js';
import type { StoredFact } from '../../src/modules/installation/facts/fact.js';

type Method = 'get' | 'put' | 'post' | 'patch';
type Requests = Readonly<Record<Method, (path: string) => request.Test>>;

/** A tenant with a token of each role. */
export interface TestTenant {
  readonly tenantId: TenantId;
  as(role: Role): Requests;
}

/** The parts of Timbre that keep flags, over real HTTP and PostgreSQL; calls are rows, as those of other processes are. */
export class FraudBench {
  /** The time that everything here runs on. */
  readonly nowMs = Date.parse('2026-11-24T10:00:00.000Z');
  private httpServer: TestServer | undefined;

  async start(): Promise<void> {
    this.httpServer = await startServer({
      modules: [PoliciesModule, FlagsModule, FlagFileModule, AccountsModule],
      entities: [
        ...callsEntities,
        ...policiesEntities,
        ...flagsEntities,
        ...accountsEntities,
        // A flag asks what its customer has agreed to.
        ...customersEntities,
        ...consentsEntities,
      ],
      clock: { nowMs: () => this.nowMs },
    });
  }

  async stop(): Promise<void> {
    await this.httpServer?.close();
  }

  get server(): TestServer {
    if (this.httpServer === undefined) throw new Error('the bench is not started');
    return this.httpServer;
  }

  get flags(): FlagsService {
    return this.server.app.get(FlagsService, { strict: false });
  }

  get policies(): PoliciesService {
    return this.server.app.get(PoliciesService, { strict: false });
  }

  async tenant(): Promise<TestTenant> {
    const tenantId = await this.server.makeTenant();
    const tokens = new Map<Role, string>();
    for (const role of roles) tokens.set(role, await this.server.makeToken(tenantId, role));
    // Whom flags are given to in the tests and examples.
    for (const name of ['kim', 'lee', 'm.keller']) await this.server.makeToken(tenantId, 'fraud', name);
    const send = (role: Role, method: Method) => (path: string) =>
      request(this.server.url)
        [method](path)
        .set('Authorization', `Bearer ${tokens.get(role)!}`);
    return {
      tenantId,
      as: (role) => ({
        get: send(role, 'get'),
        put: send(role, 'put'),
        post: send(role, 'post'),
        patch: send(role, 'patch'),
      }),
    };
  }

  /** The tenant's next fact of these. */
  heard(wanted: (fact: StoredFact) => boolean, tenantId: TenantId): Promise<StoredFact> {
    return nextFact(this.server.app, (fact) => fact.tenantId === tenantId && wanted(fact));
  }

  metric(name: string): Promise<string> {
    return this.server.parts.registry.getSingleMetricAsString(name);
  }
}
