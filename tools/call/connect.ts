import type { IncomingMessage } from 'node:http';

import { WebSocket } from 'ws';

import type { Closed, Connection } from './line.js';
import type { CallWire } from './wire.js';

export function connect(url: string, wire: CallWire): Promise<Connection> {
  if (wire.dial) return wire.dial(url);
  const socket = new WebSocket(wire.url ?? url, [...wire.subprotocols], {
    headers: wire.headers,
    perMessageDeflate: false,
  });
  const closed = new Promise<Closed>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString('utf8') });
    });
  });
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve({ kind: 'open', socket, closed });
    });
    socket.once('unexpected-response', (request, response) => {
      void titleOf(response).then((title) => {
        resolve({ kind: 'refused', status: response.statusCode ?? 0, title });
        request.destroy();
      });
    });
    socket.on('error', (error) => {
      resolve({ kind: 'unreachable', reason: error.message });
    });
  });
}

/** The problem's title (RFC 9457), or the bare status. */
async function titleOf(response: IncomingMessage): Promise<string> {
  const fallback = response.statusMessage ?? 'refused';
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof body === 'object' && body !== null && 'title' in body && typeof body.title === 'string'
      ? body.title
      : fallback;
  } catch {
    return fallback;
  }
}
