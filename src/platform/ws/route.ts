import { WebSocket } from 'ws';

import { type GatewayRoute, type TimbreGateway } from './gateway.js';

/** One path, its gateway and the sockets open on it. */
export class Route implements GatewayRoute {
  private readonly sockets = new Set<WebSocket>();
  private gatewayInUse: TimbreGateway | undefined;
  private contested = false;
  private isClosing = false;

  constructor(
    readonly path: string,
    private readonly onClosed: () => void,
  ) {}

  serve<P>(gateway: TimbreGateway<P>): void {
    this.contested = this.gatewayInUse !== undefined;
    this.gatewayInUse = gateway;
  }

  get gateway(): TimbreGateway {
    if (!this.gatewayInUse) {
      throw new Error(`The gateway of ${this.path} must call route.serve(this) in afterInit`);
    }
    return this.gatewayInUse;
  }

  /** Said at start-up rather than at the first call. */
  assertServed(): TimbreGateway {
    // Not in serve(): Nest calls afterInit where an exception would surface too late, and in nobody's hands.
    if (this.contested) throw new Error(`Two gateways for ${this.path}`);
    return this.gateway;
  }

  get closing(): boolean {
    return this.isClosing;
  }

  track(socket: WebSocket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  /** Sockets that outlived the shutdown's steps are sent away; ws cuts those that don't answer. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.sockets].map(goingAway));
    this.onClosed();
  }
}

function goingAway(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) {
      resolve();
      return;
    }
    socket.once('close', () => {
      resolve();
    });
    socket.close(1001, 'Timbre is shutting down');
  });
}
