import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Role } from '../../../src/core/auth/principal.js';
import type { CallResult } from '../../../src/core/calls/result.js';
import type { CallId, TenantId, TokenId } from '../../../src/core/ids.js';
import { authEntities } from '../../../src/modules/auth/auth.entities.js';
import { AuthModule } from '../../../src/modules/auth/auth.module.js';
import { TokensService } from '../../../src/modules/auth/tokens.service.js';
import { CallEventWriter } from '../../../src/modules/calls/call-event-writer.js';
import { callsEntities } from '../../../src/modules/calls/calls.entities.js';
import { LiveModule } from '../../../src/modules/live/live.module.js';
import { tenantsEntities } from '../../../src/modules/tenants/tenants.entities.js';
import { TenantsModule } from '../../../src/modules/tenants/tenants.module.js';
import { TenantsService } from '../../../src/modules/tenants/tenants.service.js';
import { systemClock } from '../../../src/platform/clock.js';
import { loadConfig } from '../../../src/platform/config/config.js';
import { localKeyVault } from '../../../src/platform/crypto/local-key-vault.js';
import { PostgresEventBus } from '../../../src/platform/event-bus/postgres-event-bus.js';
import { Readiness } from '../../../src/platform/health/readiness.js';
import { Shutdown } from '../../../src/platform/health/shutdown.js';
import { createMetricsRegistry } from '../../../src/platform/metrics/metrics.js';
import { PlatformModule } from '../../../src/platform/platform.module.js';
import { TimbreWsAdapter } from '../../../src/platform/ws/timbre-ws-adapter.js';
import { WsModule } from '../../../src/platform/ws/ws.module.js';
import { WebModule } from '../../../src/web/web.module.js';
import { silentLogger, startDatabase } from '../../support/postgres.js';

@Module({ imports: [TenantsModule], providers: [CallEventWriter] })
class WriterModule {}

export interface LiveApp {
  readonly url: string;
  readonly wsUrl: string;
  tenant(): Promise<TenantId>;
  token(tenantId: TenantId, role: Role): Promise<{ token: string; tokenId: TokenId }>;
  revoke(tenantId: TenantId, tokenId: TokenId): Promise<void>;
  openCall(tenantId: TenantId, result: CallResult): Promise<void>;
  say(tenantId: TenantId, result: CallResult): Promise<void>;
  event(
    tenantId: TenantId,
    callId: CallId,
    kind: 'account-event' | 'flag' | 'claimed' | 'enrolment' | 'closed',
    payload: object,
  ): Promise<void>;
  /** A flag and what was done on the account, in their tables, as a page finds them that comes later. */
  flagged(tenantId: TenantId, result: CallResult, reasons: readonly string[]): Promise<void>;
  /** As if the network failed: every open connection is cut, without a closing handshake. */
  cutConnections(): void;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** The platform, sign-in, the real event writer, the live feed and the pages on a free port, over a real PostgreSQL. */
export async function startLiveApp(): Promise<LiveApp> {
  const test = await startDatabase([...tenantsEntities, ...authEntities, ...callsEntities]);
  const dataDir = mkdtempSync(join(tmpdir(), 'timbre-live-'));
  const bus = new PostgresEventBus(test.url, silentLogger);
  await bus.start();
  const registry = createMetricsRegistry();
  const platform = PlatformModule.with({
    config: loadConfig({ TIMBRE_DATA_DIR: dataDir }),
    clock: systemClock,
    logger: silentLogger,
    registry,
    database: test.database,
    bus,
    vault: localKeyVault(randomBytes(32)),
    readiness: new Readiness(),
    shutdown: new Shutdown(),
  });
  @Module({ imports: [platform, AuthModule, WsModule, WriterModule, LiveModule, WebModule] })
  class TestModule {}
  const app: INestApplication = await NestFactory.create(TestModule, { logger: false });
  app.useWebSocketAdapter(new TimbreWsAdapter(app));
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const { port } = server.address() as AddressInfo;
  const writer = app.get(CallEventWriter);
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}/v1/live`,
    tenant: () => app.get(TenantsService, { strict: false }).create(`tenant ${randomUUID()}`),
    token: (tenantId, role) =>
      app.get(TokensService).create(tenantId, { role, label: 'test', expiresAt: undefined }),
    revoke: async (tenantId, tokenId) => {
      await app.get(TokensService).revoke(tenantId, tokenId);
    },
    async openCall(tenantId, result) {
      writer.add({
        tenantId,
        callId: result.callId,
        at: new Date(),
        kind: 'opened',
        payload: result,
        opened: {
          description: {
            tenantId,
            protocol: 'timbre',
            externalId: result.externalId ?? undefined,
            format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
            ani: undefined,
            dnis: undefined,
            claimedCustomer: undefined,
            metadata: {},
          },
          result,
        },
      });
      await writer.flushed();
    },
    async say(tenantId, result) {
      writer.add({
        tenantId,
        callId: result.callId,
        at: new Date(),
        kind: 'result',
        payload: result,
        result,
      });
      await writer.flushed();
    },
    async event(tenantId, callId, kind, payload) {
      writer.add({
        tenantId,
        callId,
        at: new Date(),
        kind,
        payload,
        ...(kind === 'closed' ? { closeReason: 'ended' as const } : {}),
      });
      await writer.flushed();
    },
    async flagged(tenantId, { callId, claimedCustomerId }, reasons) {
      await test.database.forTenant(tenantId, async (em) => {
        await em.query(
          `INSERT INTO customers (customer_id, tenant_id, account_ref, created_at, last_interaction_at)
           VALUES ($1::uuid, $2, $1::uuid::text, now(), now())`,
          [claimedCustomerId, tenantId],
        );
        await em.query(
          `INSERT INTO account_events (account_event_id, tenant_id, call_id, customer_id, kind, at)
           VALUES (gen_random_uuid(), $1, $2, $3, 'payout', now())`,
          [tenantId, callId, claimedCustomerId],
        );
        await em.query(
          `INSERT INTO flags (flag_id, tenant_id, call_id, customer_id, severity, state, reasons, policy_version,
             created_at, updated_at, version)
           VALUES (gen_random_uuid(), $1, $2, $3, 'high', 'open', $4, 0, now(), now(), 1)`,
          [
            tenantId,
            callId,
            claimedCustomerId,
            JSON.stringify(reasons.map((text) => ({ code: 'voice-mismatch', weightNats: 3, text, evidence: 'secret' }))),
          ],
        );
      });
    },
    cutConnections() {
      for (const socket of sockets) socket.destroy();
    },
    metrics: () => registry.metrics(),
    async stop() {
      await app.close();
      await bus.close();
      await test.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
