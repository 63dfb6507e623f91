import { type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { type Duplex } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

import { ACCESS_WATCH, type AccessWatch } from '../auth/access.port.js';
import { Shutdown } from '../health/shutdown.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { METRICS_REGISTRY } from '../metrics/metrics.js';
import {
  type Admission,
  maxBinaryBytes,
  type Refusal,
  timbreSubprotocol,
  type TimbreGateway,
} from './gateway.js';
import { GuardedSocket } from './guarded-socket.js';
import { refuseUpgrade } from './refusal.js';
import { Route } from './route.js';

/** How long a closing socket may take for its half of the closing handshake. */
const closeTimeoutMs = 2000;

// @types/ws 8.18 does not know closeTimeout (ws 8.19 and later).
const serverOptions: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: maxBinaryBytes,
  closeTimeout: closeTimeoutMs,
};

type Accepted = Extract<Admission<unknown>, { kind: 'accepted' }>;

/** Takes every HTTP upgrade of the process to its gateway: admission first, then the handshake, then the handlers. */
@Injectable()
export class UpgradeRouter {
  private readonly routes = new Map<string, Route>();
  private readonly server = new WebSocketServer({
    ...serverOptions,
    // Only ever one of the gateway's own: an offered `bearer.<token>` is never echoed.
    handleProtocols: (offered, request) =>
      this.subprotocols(request).find((name) => offered.has(name)) ?? false,
  });
  private readonly open: Gauge<'path'>;
  private readonly refused: Counter<'path' | 'status'>;
  private readonly failures: Counter<'path'>;
  private readonly stalled: Counter<'path'>;

  constructor(
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly shutdown: Shutdown,
    @Inject(ACCESS_WATCH) private readonly access: AccessWatch,
  ) {
    const registers = [registry];
    this.open = new Gauge({
      name: 'timbre_ws_open',
      help: 'WebSockets open now.',
      labelNames: ['path'],
      registers,
    });
    this.refused = new Counter({
      name: 'timbre_ws_refused_total',
      help: 'WebSocket upgrades refused, by HTTP status.',
      labelNames: ['path', 'status'],
      registers,
    });
    this.failures = new Counter({
      name: 'timbre_ws_handler_failures_total',
      help: 'WebSockets closed with 1011 because handling them failed.',
      labelNames: ['path'],
      registers,
    });
    this.stalled = new Counter({
      name: 'timbre_ws_stalled_total',
      help: 'WebSockets cut off because the peer did not read.',
      labelNames: ['path'],
      registers,
    });
  }

  addRoute(path: string): Route {
    if (this.routes.has(path)) throw new Error(`Two gateways for ${path}`);
    const route = new Route(path, () => this.routes.delete(path));
    this.routes.set(path, route);
    return route;
  }

  /** For the HTTP server's 'upgrade' event. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The client may be gone before it is admitted; ws brings its own listener afterwards.
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const path = pathOf(request);
    const route = this.routes.get(path);
    if (!route) {
      this.refuse(socket, 'unknown', { status: 404, title: 'There is no WebSocket here' });
      return;
    }
    const admission = await this.admit(route.gateway, request, path);
    // Asked last: shutdown may have begun while the token was looked up.
    if (this.shutdown.begun || route.closing) {
      this.refuse(socket, path, { status: 503, title: 'Timbre is shutting down' });
    } else if (admission.kind === 'refused') {
      this.refuse(socket, path, admission);
    } else {
      // A peer that vanished without a word is noticed by TCP.
      if (socket instanceof Socket) socket.setKeepAlive(true, 30_000);
      this.server.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', onError);
        this.connect(route, webSocket, request, admission);
      });
    }
  }

  private subprotocols(request: IncomingMessage): readonly string[] {
    return this.routes.get(pathOf(request))?.gateway.subprotocols ?? [timbreSubprotocol];
  }

  private async admit(
    gateway: TimbreGateway,
    request: IncomingMessage,
    path: string,
  ): Promise<Admission<unknown>> {
    try {
      return await gateway.authenticate(request);
    } catch (error) {
      this.logger.error({ err: error, path }, 'WebSocket admission failed');
      return { kind: 'refused', status: 503, title: 'The credentials can not be checked now' };
    }
  }

  private connect(
    route: Route,
    webSocket: WebSocket,
    request: IncomingMessage,
    { principal, access }: Accepted,
  ): void {
    const { path } = route;
    const socket = new GuardedSocket(webSocket, {
      failed: (error) => {
        this.failures.inc({ path });
        this.logger.error({ err: error, path }, 'WebSocket handler failed');
      },
      stalled: () => {
        this.stalled.inc({ path });
      },
    });
    this.open.inc({ path });
    route.track(webSocket);
    webSocket.once('close', () => {
      this.open.dec({ path });
    });
    socket.guard(() => {
      const handlers = route.gateway.handleConnection(socket, request, principal);
      socket.attach(handlers);
      if (access === undefined) return;
      const unwatch = this.access.watch(access, () => {
        socket.guard(() => {
          if (handlers.accessEnded) handlers.accessEnded();
          else socket.close(1008, 'what let this connection in counts no more');
        });
      });
      webSocket.once('close', unwatch);
    });
  }

  private refuse(socket: Duplex, path: string, refusal: Omit<Refusal, 'kind'>): void {
    const { status, title } = refusal;
    this.refused.inc({ path, status: String(status) });
    // The route, not what was asked for: a query may name a person.
    this.logger.info({ path, status, title }, 'WebSocket refused');
    refuseUpgrade(socket, refusal);
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
