import { type Server } from 'node:http';

import { type INestApplication } from '@nestjs/common';
import { AbstractWsAdapter } from '@nestjs/websockets';

import { type Route } from './route.js';
import { UpgradeRouter } from './upgrade-router.js';

/**
 * Nest's gateways on `ws`, with what its own adapter lacks: admission before the upgrade, binary frames, frames in order,
 * failures that stay in their socket. `app.useWebSocketAdapter(new TimbreWsAdapter(app))` before `app.init()`.
 */
export class TimbreWsAdapter extends AbstractWsAdapter {
  private readonly router: UpgradeRouter;

  constructor(app: INestApplication) {
    super(app);
    this.router = app.get(UpgradeRouter);
    const server = this.httpServer as Server;
    server.on('upgrade', (request, socket, head) => {
      this.router.upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }

  create(_port: number, options: { readonly path?: string } = {}): Route {
    if (options.path?.startsWith('/') !== true) throw new Error('A gateway needs a path that begins with /');
    return this.router.addRoute(options.path);
  }

  /** Nest's own pipeline drops what it does not know and throws in the open: the router calls the gateway itself. */
  override bindClientConnect(route: Route): void {
    // Fails the start when the gateway did not call route.serve(this).
    route.assertServed();
  }

  bindMessageHandlers(): void {
    // Never reached: no client goes through Nest's pipeline.
  }

  override async close(route: Route): Promise<void> {
    await route.close();
  }
}
