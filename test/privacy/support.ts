import { execFile } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { EngineModule } from '../../src/app/engine.module.js';
import type { Principal, Role } from '../../src/core/auth/principal.js';
import type { CustomerId, TenantId, TokenId } from '../../src/core/ids.js';
import { AuditModule } from '../../src/modules/installation/facts/audit.module.js';
import type { LedgerName } from '../../src/modules/installation/facts/ledger.js';
import { consentsEntities } from '../../src/modules/people/consents/consents.entities.js';
import { ConsentsModule } from '../../src/modules/people/consents/consents.module.js';
import { Withdrawals } from '../../src/modules/people/withdrawals/withdrawals.service.js';
import { WithdrawalsModule } from '../../src/modules/people/withdrawals/withdrawals.module.js';
import { ConsentGiving } from '../../src/modules/people/customer-changes/consent-giving.service.js';
import { CustomerChangesModule } from '../../src/modules/people/customer-changes/customer-changes.module.js';
import { CustomerFileModule } from '../../src/modules/people/customer-file/customer-file.module.js';
import { customersEntities } from '../../src/modules/people/customers/customers.entities.js';
import { CustomersModule } from '../../src/modules/people/customers/customers.module.js';
import { CustomersService } from '../../src/modules/people/customers/customers.service.js';
import { policiesEntities } from '../../src/modules/installation/policies/policies.entities.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { telephonyCredentialsEntities } from '../../src/modules/installation/credentials/telephony-credentials.entities.js';
import { TelephonyCredentialsModule } from '../../src/modules/installation/credentials/telephony-credentials.module.js';
import { voiceprintsEntities } from '../../src/modules/people/voiceprints/voiceprints.entities.js';
import { LedgersModule } from '../../src/modules/rights/ledgers/ledgers.module.js';
import { VoiceprintsModule } from '../../src/modules/people/voiceprints/voiceprints.module.js';
import { aConsent, clientOf, closedEngine, TestClock, type Client } from '../customers/support.js';
import { BlocksModule } from '../support/replacement-blocks.js';
import { startServer, type TestServer } from '../support/app.js';
import { audit } from '../../tools/audit/audit.js';

/** Timbre's side that has to do with people's data, on a real PostgreSQL. */
export class Office {
  readonly clock = new TestClock();

  private constructor(
    readonly server: TestServer,
    private readonly owner: pg.Client,
  ) {}

  static async open(beside?: Office): Promise<Office> {
    const clock = new TestClock();
    const server = await startServer({
      modules: [
        EngineModule.with(closedEngine()),
        AuditModule,
        PoliciesModule,
        CustomersModule,
        CustomerChangesModule,
        CustomerFileModule,
        ConsentsModule,
        VoiceprintsModule,
        BlocksModule,
        WithdrawalsModule,
        TelephonyCredentialsModule,
        LedgersModule,
      ],
      entities: [
        ...policiesEntities,
        ...customersEntities,
        ...consentsEntities,
        ...voiceprintsEntities,
        ...telephonyCredentialsEntities,
      ],
      clock,
      ...(beside && { beside: beside.server }),
    });
    const owner = new pg.Client({ connectionString: server.postgres.adminUrl });
    await owner.connect();
    const office = new Office(server, owner);
    Object.assign(office, { clock });
    return office;
  }

  async as(tenantId: TenantId, role: Role): Promise<Client> {
    return clientOf(this.server.url, await this.server.makeToken(tenantId, role));
  }

  by(tenantId: TenantId): Principal {
    return { tenantId, tokenId: crypto.randomUUID() as string as TokenId, role: 'customer-service' };
  }

  async customer(tenantId: TenantId, accountRef: string = crypto.randomUUID()): Promise<CustomerId> {
    const customers = this.server.app.get(CustomersService, { strict: false });
    return (await customers.create(tenantId, { accountRef, residence: 'DE' })).customerId;
  }

  get giving(): ConsentGiving {
    return this.server.app.get(ConsentGiving, { strict: false });
  }

  get withdrawals(): Withdrawals {
    return this.server.app.get(Withdrawals, { strict: false });
  }

  /** A tenant in whose ledger people have consented this often. */
  async tenantWith(consents: number): Promise<TenantId> {
    const tenantId = await this.server.makeTenant();
    const customerId = await this.customer(tenantId);
    for (let made = 0; made < consents; made += 1)
      await this.giving.give(this.by(tenantId), customerId, aConsent);
    return tenantId;
  }

  /** As a superuser with triggers and keys switched off: the one who tampers. */
  async tamper(sql: string, ...params: unknown[]): Promise<Record<string, unknown>[]> {
    await this.owner.query('SET session_replication_role = replica');
    try {
      return (await this.owner.query<Record<string, unknown>>(sql, params)).rows;
    } finally {
      await this.owner.query('SET session_replication_role = origin');
    }
  }

  audit(...args: string[]): Promise<Audited> {
    return runAudit(this.server.postgres.url, ...args);
  }

  verify(tenantId: TenantId, ledger: LedgerName = 'consents', ...more: string[]) {
    return this.audit('verify', '--tenant', tenantId, '--ledger', ledger, ...more);
  }

  /** HASH:COUNT */
  async head(tenantId: TenantId, ledger: LedgerName = 'consents'): Promise<string> {
    const { out } = await this.audit('head', '--tenant', tenantId, '--ledger', ledger);
    return out.trim().split(' ')[2] ?? '';
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.server.close();
  }
}

interface Audited {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const auditEnvironment = (url: string) => ({
  DATABASE_URL: url,
  TIMBRE_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
});

/** timbre-audit in this process: a process of its own takes half a second to load. */
export async function runAudit(url: string, ...args: string[]): Promise<Audited> {
  let [out, err] = ['', ''];
  const code = await audit(args, {
    env: auditEnvironment(url),
    write: async (text) => void (out += text),
    complain: (text) => void (err += text),
  });
  return { code, out, err };
}

/** As its users run it: node dist/tools/audit/main.js (build first). */
export function runAuditTool(url: string, ...args: string[]): Promise<Audited> {
  const tool = join(import.meta.dirname, '../../dist/tools/audit/main.js');
  const env = { ...process.env, ...auditEnvironment(url), NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [tool, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
