import type { IncomingMessage } from 'node:http';
import { Inject, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { Gauge, type Registry } from 'prom-client';
import type { Principal } from '../../../core/auth/principal.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { AUTHENTICATOR, type Authenticator } from '../../../platform/auth/authenticator.port.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import { acceptBearer } from '../../../platform/ws/bearer.js';
import type {
  GatewayRoute,
  SocketHandlers,
  TimbreGateway,
  TimbreSocket,
} from '../../../platform/ws/gateway.js';
import { LiveEventsStore } from './live-events.store.js';
import { closeCodes, isPing, liveQuery } from './live-messages.js';
import { LivePeer } from './live-peer.js';
import { LiveSession, type LiveRequest } from './live-session.js';
import { liveRoles } from './live-roles.js';
import { TenantFeed } from './tenant-feed.js';

const heartbeatMs = 20_000;
/** How often the log is looked at while the bus hears nothing. */
const lookMs = 500;

/** Streams what happens on calls to agent pages, fraud pages and integrations, in order, resuming after a drop. */
@WebSocketGateway({ path: '/v1/live' })
export class LiveGateway implements TimbreGateway<Principal>, OnModuleInit, BeforeApplicationShutdown {
  readonly authenticate: TimbreGateway<Principal>['authenticate'];
  private readonly sessions = new Set<LiveSession>();
  private readonly feeds = new Map<TenantId, TenantFeed>();
  private readonly catchingUp = new Set<Promise<void>>();
  private isStopping = false;
  private stop: (() => void) | undefined;

  constructor(
    @Inject(AUTHENTICATOR) authenticator: Authenticator,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) registry: Registry,
    private readonly store: LiveEventsStore,
  ) {
    this.authenticate = acceptBearer(authenticator, liveRoles);
    const sessions = this.sessions;
    new Gauge({
      name: 'timbre_live_sockets',
      help: 'Sockets of /v1/live open now',
      registers: [registry],
      collect() {
        this.set(sessions.size);
      },
    });
  }

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  onModuleInit(): void {
    const unsubscribe = this.bus.subscribe((message) => {
      if (message.kind === 'call-events') this.feeds.get(message.tenantId)?.wake();
      if (message.kind === 'resync') this.wakeAll();
    });
    const heartbeat = setInterval(() => {
      this.beat();
    }, heartbeatMs);
    const unheard = setInterval(() => {
      if (!this.bus.hears) this.wakeAll();
    }, lookMs);
    this.stop = () => {
      unsubscribe();
      clearInterval(heartbeat);
      clearInterval(unheard);
    };
  }

  /** Resolves when nothing of it reads any more: the database is closed next. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.stop?.();
    for (const session of this.sessions) session.peer.close(closeCodes.goingAway, 'shutting down');
    await Promise.all([...this.feeds.values()].map((feed) => feed.end()));
    await Promise.allSettled(this.catchingUp);
  }

  handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
    const peer = new LivePeer(socket);
    // Pages come again as soon as they are sent away, and the server listens a little longer than the database is there.
    if (this.isStopping) return sendAway(peer);
    const session = new LiveSession(principal, peer, this.store, this.feed(principal.tenantId));
    this.sessions.add(session);
    const refuse = (): void => {
      peer.send(JSON.stringify({ type: 'error', expected: 'nothing but {"type":"ping"} is taken here' }));
      peer.close(closeCodes.policy, 'only ping is taken here');
    };
    const asked = liveRequest(request);
    if (asked === undefined)
      peer.close(closeCodes.badRequest, 'callId is a UUID, after is the id of an event');
    else socket.guard(() => this.run(session, asked));
    return {
      text: (data) => {
        if (isPing(data)) peer.send(JSON.stringify({ type: 'pong' }));
        else refuse();
      },
      binary: refuse,
      accessEnded: () => {
        peer.close(closeCodes.tokenRevoked, 'the token is no longer valid');
      },
      closed: () => {
        this.sessions.delete(session);
        session.end();
      },
    };
  }

  private async run(session: LiveSession, asked: LiveRequest): Promise<void> {
    const running = session.run(asked);
    this.catchingUp.add(running);
    try {
      await running;
    } finally {
      this.catchingUp.delete(running);
    }
  }

  /** Keeps proxies from closing quiet sockets, lets peers see a dead line, and makes up for a wake-up lost on the bus. */
  private beat(): void {
    for (const session of this.sessions) session.peer.send(JSON.stringify({ type: 'heartbeat' }));
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const feed of this.feeds.values()) if (feed.size > 0) feed.wake();
  }

  private feed(tenantId: TenantId): TenantFeed {
    const known = this.feeds.get(tenantId);
    if (known !== undefined) return known;
    const feed = new TenantFeed(
      (position) => this.store.readAfter(tenantId, position),
      (error) => {
        this.logger.error({ err: error, tenantId }, 'live events could not be read');
      },
    );
    this.feeds.set(tenantId, feed);
    return feed;
  }
}

function sendAway(peer: LivePeer): SocketHandlers {
  peer.close(closeCodes.goingAway, 'shutting down');
  const nothing = (): void => undefined;
  return { text: nothing, binary: nothing, closed: nothing };
}

function liveRequest(request: IncomingMessage): LiveRequest | undefined {
  const { searchParams } = new URL(request.url ?? '', 'http://any');
  const query = liveQuery.safeParse(Object.fromEntries(searchParams)).data;
  return (
    query && {
      callId: query.callId as CallId | undefined,
      after: query.after === undefined ? undefined : BigInt(query.after),
    }
  );
}
