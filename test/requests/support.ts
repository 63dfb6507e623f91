import pg from 'pg';
import { EngineModule } from '../../src/app/engine.module.js';
import { entities } from '../../src/app.module.js';
import type { Role } from '../../src/core/auth/principal.js';
import type { CallId, CustomerId, TenantId } from '../../src/core/ids.js';
import type { VerificationState } from '../../src/core/speaker/verification.js';
import { AuditModule } from '../../src/modules/installation/facts/audit.module.js';
import { ConsentsModule } from '../../src/modules/people/consents/consents.module.js';
import { ConsentGiving } from '../../src/modules/people/customer-changes/consent-giving.service.js';
import { CustomersModule } from '../../src/modules/people/customers/customers.module.js';
import { CustomerChangesModule } from '../../src/modules/people/customer-changes/customer-changes.module.js';
import { CustomerFileModule } from '../../src/modules/people/customer-file/customer-file.module.js';
import { CustomersService } from '../../src/modules/people/customers/customers.service.js';
import { FlagsModule } from '../../src/modules/fraud/flags/flags.module.js';
import { StoredReaders } from '../../src/modules/installation/facts/stored-readers.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { RequestReminders } from '../../src/modules/rights/requests/request-reminders.js';
import type { RequestView } from '../../src/modules/rights/requests/request-view.js';
import { DataBundlesModule } from '../../src/modules/rights/data-bundles/data-bundles.module.js';
import { RequestsModule } from '../../src/modules/rights/requests/requests.module.js';
import { VoiceprintsModule } from '../../src/modules/people/voiceprints/voiceprints.module.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { aConsent, aStretch, clientOf, closedEngine, TestClock, type Client } from '../customers/support.js';
import { aCall, aVerification } from '../fraud/call-rows.js';
import { BlocksModule } from '../support/replacement-blocks.js';
import { startServer, type TestServer } from '../support/app.js';
import { feedOf } from '../support/facts.js';

/** Where people's requests are taken in and answered, on a real PostgreSQL. */
export class RightsOffice {
  readonly clock = new TestClock();
  private httpServer!: TestServer;
  private owner!: pg.Client;
  tenantId!: TenantId;

  static async open(): Promise<RightsOffice> {
    const office = new RightsOffice();
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
        RequestsModule,
        DataBundlesModule,
        FlagsModule,
      ],
      entities,
      clock: office.clock,
    });
    office.httpServer = server;
    office.owner = new pg.Client({ connectionString: server.postgres.adminUrl });
    await office.owner.connect();
    office.tenantId = await server.makeTenant();
    return office;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.httpServer.close();
  }

  get server(): TestServer {
    return this.httpServer;
  }

  async as(role: Role): Promise<Client> {
    return clientOf(this.server.url, await this.server.makeToken(this.tenantId, role));
  }

  async customer(residence?: string): Promise<CustomerId> {
    const customers = this.server.app.get(CustomersService, { strict: false });
    const made = await customers.create(this.tenantId, { accountRef: crypto.randomUUID(), residence });
    return made.customerId;
  }

  /** Consent, and a voiceprint. */
  async enrolledCustomer(residence?: string): Promise<CustomerId> {
    const customerId = await this.customer(residence);
    await this.consent(customerId);
    await this.enrol(customerId);
    return customerId;
  }

  async consent(customerId: CustomerId): Promise<void> {
    const by = { tenantId: this.tenantId, tokenId: crypto.randomUUID() as never, role: 'agent' as const };
    await this.server.app.get(ConsentGiving, { strict: false }).give(by, customerId, aConsent);
  }

  async enrol(customerId: CustomerId): Promise<void> {
    const outcome = await this.voiceprints.addStretch(this.tenantId, customerId, aStretch(21_000));
    if (outcome.kind !== 'enrolled') throw new Error(outcome.kind);
  }

  get voiceprints(): VoiceprintsService {
    return this.server.app.get(VoiceprintsService, { strict: false });
  }

  /** What a live call may do with this customer's voice now. */
  async gate(customerId: CustomerId): Promise<string> {
    const context = await this.voiceprints.claimContext(this.tenantId, customerId);
    return context.kind === 'opted-out' ? `opted-out: ${context.reason ?? ''}` : context.kind;
  }

  /** Resolves when everything that happened before is dealt with. */
  async heardEverything(): Promise<void> {
    await feedOf(this.server.app).caughtUp();
    await this.server.app.get(StoredReaders, { strict: false }).settled(this.tenantId);
  }

  call(customerId: CustomerId, state: VerificationState, llr: number | null = null): Promise<CallId> {
    const bench = { server: this.server, nowMs: this.clock.now } as never;
    const of = { customerId, verification: aVerification(state, llr) };
    return aCall(bench, { tenantId: this.tenantId } as never, of);
  }

  /** Looks at the clocks of requests, as the timer does. */
  async look(): Promise<void> {
    await this.server.app.get(RequestReminders, { strict: false }).lookNow();
  }

  async metric(line: string): Promise<string | undefined> {
    const text = await this.server.parts.registry.metrics();
    return text
      .split('\n')
      .find((one) => one.startsWith(line))
      ?.slice(line.length + 1);
  }

  /** Of the audit log: what was done with a request, in order. */
  async log(requestId: string): Promise<string[]> {
    const rows = await this.rows(
      'SELECT action, details FROM audit_entries WHERE subject_id = $1 ORDER BY seq',
      requestId,
    );
    return rows.map(({ action, details }) => {
      const reminder = (details as { reminder?: string }).reminder;
      return reminder === undefined ? String(action) : `${String(action)} ${reminder}`;
    });
  }

  /** Rows as they really lie in the database. */
  async rows(sql: string, ...params: unknown[]): Promise<Record<string, unknown>[]> {
    return (await this.owner.query<Record<string, unknown>>(sql, params)).rows;
  }
}

export const asRequest = (body: unknown): RequestView => body as RequestView;
export const slugOf = (body: unknown): string | undefined =>
  (body as { type: string }).type.split(':').at(-1);
