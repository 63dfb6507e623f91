import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { TimbreSocket } from '../../../platform/ws/gateway.js';
import { closeCodes } from './live-messages.js';
import { LiveGateway } from './live.gateway.js';

describe('the live feed of a process that shuts down', () => {
  it('sends away who comes again, and asks a database that is about to go for nothing', async () => {
    const asked: unknown[] = [];
    const strict = new Proxy({}, { get: (_, name) => () => asked.push(name) });
    const bus = { hears: true, publish: () => Promise.resolve(), subscribe: () => () => undefined };
    const gateway = new LiveGateway(strict as never, bus, strict as never, new Registry(), strict as never);
    gateway.onModuleInit();
    await gateway.beforeApplicationShutdown();
    const closed: number[] = [];
    const socket = {
      close: (code: number) => closed.push(code),
      guard: (work: () => Promise<void>) => void work(),
    } as unknown as TimbreSocket;
    const request: unknown = { url: '/v1/live', headers: {} };
    const handlers = gateway.handleConnection(socket, request as IncomingMessage, { tenantId: 'a' } as never);
    void handlers.closed?.(1001);
    expect({ closed, asked }).toEqual({ closed: [closeCodes.goingAway], asked: [] });
  });
});
