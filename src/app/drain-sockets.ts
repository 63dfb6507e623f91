import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A closing server waits for every socket, those of WebSockets and idle clients too. Returns what to call when closing begins:
 * sockets that are still there after `graceMs` are cut.
 */
export function drainSockets(server: Server, graceMs: number): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    const timer = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, graceMs);
    timer.unref();
    server.once('close', () => {
      clearTimeout(timer);
    });
  };
}
