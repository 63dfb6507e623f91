import { STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';

import { ProblemError, problemDocument } from '../http/problem.js';
import type { Refusal } from './gateway.js';

const slugs: Record<Refusal['status'], string> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  503: 'unavailable',
};

/** Answers an upgrade request as plain HTTP, in the words of RFC 9457, and ends the connection. */
export function refuseUpgrade(
  socket: Duplex,
  { status, title, challenge = 'Bearer' }: Omit<Refusal, 'kind'>,
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemDocument(new ProblemError(status, slugs[status], title)));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    // RFC 9110 §11.6.1: a 401 names the scheme it wants.
    ...(status === 401 ? [`WWW-Authenticate: ${challenge}`] : []),
    ...(status === 503 ? ['Retry-After: 1'] : []),
  ].join('\r\n');
  socket.once('finish', () => socket.destroy());
  socket.end(`${head}\r\n\r\n${body}`);
}
