import pg from 'pg';
import request from 'supertest';
import { entities } from '../../src/app.module.js';
import { EngineModule } from '../../src/app/engine.module.js';
import type { CustomerId, TenantId } from '../../src/core/ids.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { AuditModule } from '../../src/modules/installation/facts/audit.module.js';
import { AuditWriter } from '../../src/modules/installation/facts/audit-writer.js';
import { ConsentsModule } from '../../src/modules/people/consents/consents.module.js';
import { CustomersModule } from '../../src/modules/people/customers/customers.module.js';
import { CustomerChangesModule } from '../../src/modules/people/customer-changes/customer-changes.module.js';
import { CustomerFileModule } from '../../src/modules/people/customer-file/customer-file.module.js';
import { CustomersService } from '../../src/modules/people/customers/customers.service.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { PublishedRetentionModule } from '../../src/modules/rights/published-retention/published-retention.module.js';
import { SelfServiceModule } from '../../src/modules/rights/self-service/self-service.module.js';
import { VoiceprintsModule } from '../../src/modules/people/voiceprints/voiceprints.module.js';
import type { Config } from '../../src/platform/config/config.js';
import type { Logger } from '../../src/platform/logging/logger.js';
import { WebModule } from '../../src/web/web.module.js';
import { clientOf, closedEngine, TestClock, type Client } from '../customers/support.js';
import { BlocksModule } from '../support/replacement-blocks.js';
import { startServer, type TestServer } from '../support/app.js';

/** What a browser says of a request that Timbre's own page makes. */
export const fromPage = { 'Sec-Fetch-Site': 'same-origin' };

/** A bank's site and its customers' browsers, on a real PostgreSQL. */
export class Bank {
  private constructor(
    readonly server: TestServer,
    readonly clock: TestClock,
    readonly tenantId: TenantId,
    /** The bank's own site. */
    readonly site: Client,
    private readonly owner: pg.Client,
  ) {}

  static async open(
    engine: AnalysisEngine = closedEngine(),
    config: Partial<Config> = {},
    logger?: Logger,
  ): Promise<Bank> {
    const clock = new TestClock();
    const server = await startServer({
      modules: [
        EngineModule.with(engine),
        AuditModule,
        PoliciesModule,
        PublishedRetentionModule,
        CustomersModule,
        CustomerChangesModule,
        CustomerFileModule,
        ConsentsModule,
        VoiceprintsModule,
        BlocksModule,
        SelfServiceModule,
        WebModule,
      ],
      entities,
      clock,
      config,
      ...(logger && { logger }),
    });
    const owner = new pg.Client({ connectionString: server.postgres.adminUrl });
    await owner.connect();
    const tenantId = await server.makeTenant('Harbour Bank');
    const site = clientOf(server.url, await server.makeToken(tenantId, 'customer-service'));
    return new Bank(server, clock, tenantId, site, owner);
  }

  async customer(tenantId = this.tenantId, residence?: string): Promise<CustomerId> {
    const customers = this.server.app.get(CustomersService, { strict: false });
    return (await customers.create(tenantId, { accountRef: `ACC-${crypto.randomUUID()}`, residence }))
      .customerId;
  }

  ask(customerId: string, wanted: object = {}): request.Test {
    return this.site.post(`/v1/customers/${customerId}/self-service-links`).send(wanted);
  }

  /** The secret of a link for this customer. */
  async link(customerId: string, wanted: object = {}): Promise<string> {
    const { body } = await this.ask(customerId, wanted).expect(201);
    return new URL((body as { url: string }).url).hash.slice('#link='.length);
  }

  /** A browser whose page this customer has opened. */
  async visit(customerId: string, wanted: object = {}): Promise<Browser> {
    const browser = this.browser();
    await browser.open(await this.link(customerId, wanted)).expect(201);
    return browser;
  }

  browser(): Browser {
    return new Browser(this.server.url);
  }

  /** Entries of the audit log about a customer, oldest first. */
  async audited(subject: string): Promise<{ action: string; details: Record<string, unknown> }[]> {
    await this.server.app.get(AuditWriter, { strict: false }).flushed();
    return (await this.rows(
      'SELECT action, details FROM audit_entries WHERE subject_id = $1 ORDER BY seq',
      subject,
    )) as never;
  }

  /** Rows as they really lie in the database, past row-level security. */
  async rows(sql: string, ...params: unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.owner.query<Record<string, unknown>>(sql, params)).rows;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.server.close();
  }
}

/** Keeps its cookie, as browsers do, and says where its requests come from. */
export class Browser {
  cookie = '';
  headers: Record<string, string> = fromPage;

  constructor(readonly url: string) {}

  open(link: string): request.Test {
    return this.send(request(this.url).post('/v1/me/session')).send({ link });
  }

  get(path: string): request.Test {
    return this.send(request(this.url).get(path));
  }

  post(path: string): request.Test {
    return this.send(request(this.url).post(path));
  }

  delete(path: string): request.Test {
    return this.send(request(this.url).delete(path));
  }

  private send(test: request.Test): request.Test {
    if (this.cookie !== '') void test.set('Cookie', this.cookie);
    return test.set(this.headers).on('response', (response: request.Response) => {
      const [set] = (response.headers['set-cookie'] as string[] | undefined) ?? [];
      if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    });
  }
}

export const slugOf = (body: unknown): string | undefined =>
  (body as { type?: string }).type?.split(':').at(-1);
