import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { Global, type INestApplication, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';

import type { Principal, Role } from '../../src/core/auth/principal.js';
import { CALL_INTAKE } from '../../src/core/calls/intake.js';
import type { TenantId, TokenId } from '../../src/core/ids.js';
import { ACCESS_WATCH, type Access, type AccessWatch } from '../../src/platform/auth/access.port.js';
import { AUTHENTICATOR, type Authenticator } from '../../src/platform/auth/authenticator.port.js';
import {
  AUDIOHOOK_CREDENTIALS,
  type AudiohookCredential,
} from '../../src/platform/auth/audiohook-credentials.port.js';
import {
  KINESIS_CREDENTIALS,
  type KinesisCredential,
} from '../../src/platform/auth/kinesis-credentials.port.js';
import {
  TWILIO_CREDENTIALS,
  type TwilioCredential,
} from '../../src/platform/auth/twilio-credentials.port.js';
import { CLOCK } from '../../src/platform/clock.js';
import { CONFIG } from '../../src/platform/config/config.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Shutdown } from '../../src/platform/health/shutdown.js';
import { ProblemFilter } from '../../src/platform/http/problem.filter.js';
import { createLogger, LOGGER } from '../../src/platform/logging/logger.js';
import { METRICS_REGISTRY } from '../../src/platform/metrics/metrics.js';
import { TimbreWsAdapter } from '../../src/platform/ws/timbre-ws-adapter.js';
import { WsModule } from '../../src/platform/ws/ws.module.js';
import { AUDIOHOOK_NONCES } from '../../src/telephony/audiohook/audiohook-nonces.js';
import { CallSockets } from '../../src/telephony/call-sockets.js';
import { TelephonyModule } from '../../src/telephony/telephony.module.js';
import { FakeIntake } from './fake-intake.js';

export const tenantId = '11111111-1111-4111-8111-111111111111' as TenantId;
export const tokenId = '22222222-2222-4222-8222-222222222222' as TokenId;

/** Tokens are the names of their roles; `broken` stands for a database that does not answer. */
const authenticator: Authenticator = {
  authenticate: (token): Promise<Principal | undefined> =>
    token === 'broken'
      ? Promise.reject(new Error('no database'))
      : Promise.resolve(token === 'unknown' ? undefined : { tenantId, tokenId, role: token as Role }),
};

export const publicUrl = 'https://timbre.example.com';
export const twilioCredential: TwilioCredential = {
  credentialId: '33333333-3333-4333-8333-333333333333',
  tenantId,
  accountSid: 'AC0123456789abcdef0123456789abcdef',
  authToken: '0123456789abcdef0123456789abcdef',
};

export const audiohookCredential: AudiohookCredential = {
  credentialId: '44444444-4444-4444-8444-444444444444',
  tenantId,
  apiKey: 'genesys-production',
  clientSecret: Buffer.alloc(32, 7).toString('base64'),
};

export const kinesisCredential: KinesisCredential = {
  credentialId: '55555555-5555-4555-8555-555555555555',
  tenantId,
  roleArn: 'arn:aws:iam::111122223333:role/timbre',
  secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
};

/** Where these tests stand in for AWS: of this process alone. */
export const awsPort = 20_000 + (process.pid % 20_000);
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${awsPort}`,
  AWS_ENDPOINT_URL_KINESIS_VIDEO: `http://127.0.0.1:${awsPort}`,
});

interface ServerOptions {
  /** More gateways. */
  readonly extra?: Type[];
  readonly publicUrl?: string | undefined;
}

/** What let open sockets in. */
class Accesses implements AccessWatch {
  private readonly watched = new Map<() => void, Access>();

  watch(access: Access, ended: () => void): () => void {
    this.watched.set(ended, access);
    return () => this.watched.delete(ended);
  }

  get ids(): string[] {
    return [...this.watched.values()].map(({ id }) => id);
  }

  /** As a revocation would. */
  end(): void {
    const all = [...this.watched.keys()];
    this.watched.clear();
    for (const ended of all) ended();
  }
}

/** The real sockets, gateways and machines, on a free port; beyond the ports of telephony, fakes. */
export class TelephonyServer {
  readonly intake = new FakeIntake();
  readonly registry = new Registry();
  readonly shutdown = new Shutdown();
  readonly accesses = new Accesses();
  nowMs = 0;
  private running: INestApplication | undefined;

  async start(options: ServerOptions = {}): Promise<this> {
    const config = {
      publicUrl,
      firstMessageTimeoutMs: 5000,
      silenceTimeoutMs: 60_000,
      quietAfterMs: 5000,
      ...options,
    };
    const provided = [
      { provide: CALL_INTAKE, useValue: this.intake },
      { provide: METRICS_REGISTRY, useValue: this.registry },
      { provide: Shutdown, useValue: this.shutdown },
      { provide: LOGGER, useValue: createLogger('silent') },
      { provide: CLOCK, useValue: { nowMs: () => this.nowMs } },
      {
        provide: CONFIG,
        useValue: config,
      },
      { provide: ACCESS_WATCH, useValue: this.accesses },
      { provide: AUTHENTICATOR, useValue: authenticator },
      {
        provide: AUDIOHOOK_CREDENTIALS,
        useValue: {
          ofKey: (key: string) =>
            Promise.resolve([audiohookCredential].filter(({ apiKey }) => apiKey === key)),
        },
      },
      { provide: Database, useValue: {} },
      {
        provide: KINESIS_CREDENTIALS,
        useValue: {
          ofId: (id: string) =>
            Promise.resolve([kinesisCredential].find(({ credentialId }) => credentialId === id)),
        },
      },
      { provide: TWILIO_CREDENTIALS, useValue: { active: () => Promise.resolve([twilioCredential]) } },
    ];
    @Global()
    @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
    class Ports {}
    @Module({ imports: [Ports, WsModule, TelephonyModule], providers: options.extra ?? [] })
    class TestApp {}

    const module = await Test.createTestingModule({ imports: [TestApp] })
      // In PostgreSQL otherwise: audiohook.spec.ts has the real one.
      .overrideProvider(AUDIOHOOK_NONCES)
      .useValue({ firstSeen: () => Promise.resolve(true), forget: () => Promise.resolve() })
      .compile();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes a plain object
    const app = module.createNestApplication({ rawBody: true });
    app.useGlobalFilters(new ProblemFilter(createLogger('silent')));
    app.useWebSocketAdapter(new TimbreWsAdapter(app));
    await app.listen(0, '127.0.0.1');
    this.running = app;
    return this;
  }

  get url(): string {
    const { port } = (this.app.getHttpServer() as Server).address() as AddressInfo;
    return `ws://127.0.0.1:${port}`;
  }

  get app(): INestApplication {
    if (!this.running) throw new Error('not started');
    return this.running;
  }

  /** Time passes, and the timer rings. */
  pass(ms: number): void {
    this.nowMs += ms;
    this.app.get(CallSockets).tick();
  }

  async count(metric: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const values = (await this.registry.getSingleMetric(metric)?.get())?.values ?? [];
    const hit = values.find((value) =>
      Object.entries(labels).every(([name, label]) => value.labels[name] === label),
    );
    return hit?.value ?? 0;
  }

  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }
}
