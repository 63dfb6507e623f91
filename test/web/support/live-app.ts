import { Module } from '@nestjs/common';
import type { Socket } from 'node:net';
import type { Role } from '../../../src/core/auth/principal.js';
import type { CallResult } from '../../../src/core/calls/result.js';
import type { CallId, TenantId, TokenId } from '../../../src/core/ids.js';
import { TokensService } from '../../../src/modules/installation/tokens/tokens.service.js';
import { CallEventWriter } from '../../../src/modules/calls/call-log/call-event-writer.js';
import { callsEntities } from '../../../src/modules/calls/call-log/calls.entities.js';
import { ProcessLease } from '../../../src/modules/calls/leases/process-lease.js';
import { LiveModule } from '../../../src/modules/calls/feed/live.module.js';
import { TenantsModule } from '../../../src/modules/installation/tenants/tenants.module.js';
import { WebModule } from '../../../src/web/web.module.js';
import { startServer } from '../../support/app.js';

@Module({ imports: [TenantsModule], providers: [CallEventWriter, ProcessLease] })
class WriterModule {}

export interface LiveApp {
  readonly url: string;
  readonly wsUrl: string;
  tenant(): Promise<TenantId>;
  token(tenantId: TenantId, role: Role): Promise<{ token: string; tokenId: TokenId }>;
  revoke(tenantId: TenantId, tokenId: TokenId): Promise<void>;
  openCall(tenantId: TenantId, result: CallResult): Promise<void>;
  say(tenantId: TenantId, result: CallResult): Promise<void>;
  closeCall(tenantId: TenantId, result: CallResult): Promise<void>;
  /** A flag and what was done on the account, in their tables, as a page finds them that comes later. */
  flagged(tenantId: TenantId, result: CallResult, reasons: readonly string[]): Promise<void>;
  /** As if the network failed: every open connection is cut, without a closing handshake. */
  cutConnections(): void;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** The live feed, the pages and the calls' real event writer behind the real edge, over a real PostgreSQL. */
export async function startLiveApp(): Promise<LiveApp> {
  const server = await startServer({
    modules: [WriterModule, LiveModule, WebModule],
    entities: callsEntities,
  });
  const tokens = server.app.get(TokensService, { strict: false });
  const writer = server.app.get(CallEventWriter, { strict: false });
  const sockets = new Set<Socket>();
  server.app.getHttpServer().on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    url: server.url,
    wsUrl: `${server.url.replace('http', 'ws')}/v1/live`,
    tenant: () => server.makeTenant(),
    token: (tenantId, role) => tokens.create(tenantId, { role, label: 'test', expiresAt: undefined }),
    async revoke(tenantId, tokenId) {
      await tokens.revoke(tenantId, tokenId);
    },
    async openCall(tenantId, result) {
      const { callId, externalId } = result;
      const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 } as const;
      const description = {
        tenantId,
        protocol: 'plain' as const,
        externalId: externalId ?? undefined,
        format,
        ani: undefined,
        dnis: undefined,
        claimedCustomer: undefined,
        metadata: {},
      };
      const opened = { description, result };
      writer.add({ tenantId, callId, at: new Date(), kind: 'opened', payload: result, opened });
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
    async closeCall(tenantId, result) {
      const { callId } = result;
      const payload = { reason: 'ended', result };
      writer.add({ tenantId, callId, at: new Date(), kind: 'closed', payload, result, closeReason: 'ended' });
      await writer.flushed();
    },
    async flagged(tenantId, { callId, claimedCustomerId }, reasons) {
      const stored = reasons.map((text) => ({
        code: 'voice-mismatch',
        weightNats: 3,
        text,
        evidence: 'inner',
      }));
      await insertFlag(server.database, tenantId, callId, claimedCustomerId ?? '', JSON.stringify(stored));
    },
    cutConnections() {
      for (const socket of sockets) socket.destroy();
    },
    metrics: () => server.parts.registry.metrics(),
    stop: () => server.close(),
  };
}

async function insertFlag(
  database: Awaited<ReturnType<typeof startServer>>['database'],
  tenantId: TenantId,
  callId: CallId,
  customerId: string,
  reasons: string,
): Promise<void> {
  await database.forTenant(tenantId, async (em) => {
    await em.query(
      `INSERT INTO customers (customer_id, tenant_id, account_ref, created_at, last_interaction_at)
       VALUES ($1::uuid, $2, $1::uuid::text, now(), now())`,
      [customerId, tenantId],
    );
    await em.query(
      `INSERT INTO account_events (account_event_id, tenant_id, call_id, customer_id, kind, at)
       VALUES (gen_random_uuid(), $1, $2, $3, 'payout', now())`,
      [tenantId, callId, customerId],
    );
    await em.query(
      `INSERT INTO flags (flag_id, tenant_id, call_id, customer_id, severity, state, reasons, policy_version,
         created_at, updated_at, version)
       VALUES (gen_random_uuid(), $1, $2, $3, 'high', 'open', $4, 0, now(), now(), 1)`,
      [tenantId, callId, customerId, reasons],
    );
  });
}
