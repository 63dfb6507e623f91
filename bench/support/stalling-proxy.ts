import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Sees all that is about to be passed on, on which connection; false stops it and stalls. */
export type Watch = (bytes: Buffer, to: 'server' | 'client', connection: object) => boolean;

/** Passes TCP on until it is told to stall: then nothing goes either way, and nothing is closed. */
export interface StallingProxy {
  /** The same URL, led through the proxy. */
  readonly url: string;
  stall(): void;
  goOn(): void;
  close(): Promise<void>;
}

export async function startStallingProxy(target: string, watch: Watch = () => true): Promise<StallingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isStalled = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to, side] of [
      [near, far, 'server'],
      [far, near, 'client'],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (isStalled) return;
        isStalled = !watch(bytes, side, near);
        if (!isStalled) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall() {
      isStalled = true;
    },
    goOn() {
      isStalled = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
