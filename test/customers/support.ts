import pg from 'pg';
import request from 'supertest';
import { EngineModule } from '../../src/app/engine.module.js';
import type { Role } from '../../src/core/auth/principal.js';
import type { ConsentId, CustomerId, TenantId } from '../../src/core/ids.js';
import type { Purpose } from '../../src/core/privacy/consent.js';
import type { AnalysisEngine, ModelDescription } from '../../src/engine/engine.port.js';
import type { Config } from '../../src/platform/config/config.js';
import { accuracyEntities } from '../../src/modules/installation/accuracy/accuracy.entities.js';
import { AccuracyModule } from '../../src/modules/installation/accuracy/accuracy.module.js';
import { meanVoicesEntities } from '../../src/modules/installation/mean-voices/mean-voices.entities.js';
import { MeanVoicesModule } from '../../src/modules/installation/mean-voices/mean-voices.module.js';
import { consentsEntities } from '../../src/modules/people/consents/consents.entities.js';
import { ConsentsModule } from '../../src/modules/people/consents/consents.module.js';
import { Withdrawals } from '../../src/modules/people/withdrawals/withdrawals.service.js';
import { WithdrawalsModule } from '../../src/modules/people/withdrawals/withdrawals.module.js';
import { ConsentGiving } from '../../src/modules/people/customer-changes/consent-giving.service.js';
import { Interactions } from '../../src/modules/people/customer-changes/interactions.service.js';
import { CustomerChangesModule } from '../../src/modules/people/customer-changes/customer-changes.module.js';
import { CustomerFileModule } from '../../src/modules/people/customer-file/customer-file.module.js';
import { customersEntities } from '../../src/modules/people/customers/customers.entities.js';
import { CustomersModule } from '../../src/modules/people/customers/customers.module.js';
import { CustomersService } from '../../src/modules/people/customers/customers.service.js';
import { policiesEntities } from '../../src/modules/installation/policies/policies.entities.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { LegalHoldsModule } from '../../src/modules/people/legal-holds/legal-holds.module.js';
import { RetentionModule } from '../../src/modules/rights/retention/retention.module.js';
import type { OfferedStretch } from '../../src/modules/people/voiceprints/enrolment-outcome.js';
import { voiceprintsEntities } from '../../src/modules/people/voiceprints/voiceprints.entities.js';
import { OwnCallersModule } from '../../src/modules/people/own-callers/own-callers.module.js';
import { ModelChangeModule } from '../../src/modules/people/model-change/model-change.module.js';
import { VoiceprintsModule } from '../../src/modules/people/voiceprints/voiceprints.module.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { BlocksModule } from '../support/replacement-blocks.js';
import { startServer, type TestServer } from '../support/app.js';

export const dayMs = 86_400_000;
export const startMs = Date.UTC(2026, 2, 1, 9, 30);

export class TestClock {
  now = startMs;
  nowMs(): number {
    return this.now;
  }
}

export const testModel: ModelDescription = {
  id: 'test-model',
  sha256: 'a'.repeat(64),
  embeddingSize: 4,
  calibration: { scale: 20, offset: -8, modelSha256: 'a'.repeat(64) },
  segment: { lengthMs: 3000, hopMs: 1000 },
};

/** For specs in which nothing may be analysed: opening it fails the test. */
export function closedEngine(
  model: ModelDescription = testModel,
  ...previous: ModelDescription[]
): AnalysisEngine {
  return {
    model,
    models: [model, ...previous],
    open: () => {
      throw new Error('the engine was opened');
    },
    status: () => ({ workers: 0, streams: 0, waitingMs: 0, workerRestarts: 0 }),
  };
}

export interface CustomersServer {
  readonly server: TestServer;
  readonly clock: TestClock;
  readonly customers: CustomersService;
  readonly interactions: Interactions;
  readonly withdrawals: Withdrawals;
  readonly voiceprints: VoiceprintsService;
  readonly tenantId: TenantId;
  /** Asks as this role of the tenant. */
  as(role: Role): Promise<Client>;
  newCustomer(): Promise<CustomerId>;
  giveConsent(customerId: CustomerId, purposes?: Purpose[], validUntilMs?: number): Promise<ConsentId>;
  withdraw(customerId: CustomerId, consentId: ConsentId): Promise<void>;
  /** Rows as they really lie in the database, past row-level security. */
  rows(sql: string, ...params: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface Client {
  get(path: string): request.Test;
  post(path: string): request.Test;
  put(path: string): request.Test;
  patch(path: string): request.Test;
  delete(path: string): request.Test;
}

export async function startCustomers(
  engine: AnalysisEngine = closedEngine(),
  config: Partial<Config> = {},
): Promise<CustomersServer> {
  const clock = new TestClock();
  const server = await startServer({
    modules: [
      EngineModule.with(engine),
      PoliciesModule,
      CustomersModule,
      CustomerChangesModule,
      CustomerFileModule,
      ConsentsModule,
      VoiceprintsModule,
      BlocksModule,
      WithdrawalsModule,
      ModelChangeModule,
      MeanVoicesModule,
      AccuracyModule,
      OwnCallersModule,
      LegalHoldsModule,
      RetentionModule,
    ],
    entities: [
      ...policiesEntities,
      ...customersEntities,
      ...consentsEntities,
      ...voiceprintsEntities,
      ...meanVoicesEntities,
      ...accuracyEntities,
    ],
    clock,
    config,
  });
  const owner = new pg.Client({ connectionString: server.postgres.adminUrl });
  await owner.connect();
  const tenantId = await server.makeTenant();
  const by = { tenantId, tokenId: crypto.randomUUID() as never, role: 'customer-service' as const };
  const withdrawals = server.app.get(Withdrawals, { strict: false });
  const giving = server.app.get(ConsentGiving, { strict: false });
  const customers = server.app.get(CustomersService, { strict: false });
  let made = 0;
  return {
    server,
    clock,
    customers,
    interactions: server.app.get(Interactions, { strict: false }),
    withdrawals,
    voiceprints: server.app.get(VoiceprintsService, { strict: false }),
    tenantId,
    as: async (role) => clientOf(server.url, await server.makeToken(tenantId, role)),
    async newCustomer() {
      made += 1;
      return (await customers.create(tenantId, { accountRef: `ACC-${made}` })).customerId;
    },
    async giveConsent(customerId, purposes = ['verification', 'enrolment'], validUntilMs) {
      const validUntil =
        validUntilMs === undefined ? {} : { validUntil: new Date(validUntilMs).toISOString() };
      return (await giving.give(by, customerId, { ...aConsent, purposes, ...validUntil })).consentId;
    },
    async withdraw(customerId, consentId) {
      await withdrawals.withdraw(by, customerId, consentId);
    },
    async rows(sql, ...params) {
      return (await owner.query<Record<string, unknown>>(sql, params)).rows;
    },
    async close() {
      await owner.end();
      await server.close();
    },
  };
}

export function clientOf(url: string, token: string): Client {
  const auth = `Bearer ${token}`;
  return {
    get: (path) => request(url).get(path).set('Authorization', auth),
    post: (path) => request(url).post(path).set('Authorization', auth),
    put: (path) => request(url).put(path).set('Authorization', auth),
    patch: (path) => request(url).patch(path).set('Authorization', auth),
    delete: (path) => request(url).delete(path).set('Authorization', auth),
  };
}

export const aConsent = {
  purposes: ['verification', 'enrolment'] as Purpose[],
  noticeVersion: '2026-01',
  noticeLanguage: 'en-GB',
  noticeText: 'We check your voice to protect your account.',
  method: 'web-form' as const,
};

export const alice = Float32Array.of(1, 0, 0, 0);
export const bob = Float32Array.of(0, 1, 0, 0);

/** Speech of one voice in three-second pieces. */
export function aStretch(netSpeechMs: number, voice: Float32Array = alice): OfferedStretch {
  const pieces = Math.ceil(netSpeechMs / 3000);
  return {
    embeddings: Array.from({ length: pieces }, () => ({
      embedding: Float32Array.from(voice),
      netSpeechMs: netSpeechMs / pieces,
    })),
    netSpeechMs,
    quality: { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 },
    source: 'upload',
  };
}

/** The same voice in another recording, `which` of eight: they have a cosine of 0.47 to 0.92 to each other, as recordings have. */
export function anotherRecording(which: number, voice: Float32Array = alice): Float32Array {
  const angle = (2 * Math.PI * which) / 8;
  const other = [0, 0, 0.6 * Math.cos(angle), 0.6 * Math.sin(angle)];
  return voice.map((value, index) => (value + other[index]!) / Math.sqrt(1.36));
}
