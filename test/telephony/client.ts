import { once } from 'node:events';

import { type ClientOptions, WebSocket } from 'ws';

export interface Refused {
  readonly status: number;
  readonly type: string | undefined;
  readonly authenticate: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A telephony platform's end of a socket: what it hears is kept in order. */
export class Client {
  readonly heard: Readonly<Record<string, unknown>>[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting: {
    type: string;
    resolve: (message: Readonly<Record<string, unknown>>) => void;
  }[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as Readonly<Record<string, unknown>>;
      this.heard.push(message);
      const at = this.waiting.findIndex(({ type }) => type === message['type']);
      if (at >= 0) this.waiting.splice(at, 1)[0]?.resolve(message);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
  }

  static async open(url: string, options: ClientOptions = {}, subprotocols: string[] = []): Promise<Client> {
    const client = new Client(new WebSocket(url, subprotocols, options));
    await once(client.socket, 'open');
    return client;
  }

  static bearer(token: string): ClientOptions {
    return { headers: { authorization: `Bearer ${token}` } };
  }

  /** What the server answers instead of an upgrade. */
  static refused(url: string, options: ClientOptions = {}, subprotocols: string[] = []): Promise<Refused> {
    const socket = new WebSocket(url, subprotocols, options);
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.once('open', () => {
        reject(new Error('the upgrade was not refused'));
      });
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
        response.once('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'],
            authenticate: response.headers['www-authenticate'],
            body: JSON.parse(body) as Readonly<Record<string, unknown>>,
          });
        });
      });
    });
  }

  send(frame: object | string | Uint8Array): void {
    this.socket.send(
      typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame),
    );
  }

  /** The next message of this type, or the last one of it heard before. */
  async message(type: string): Promise<Readonly<Record<string, unknown>>> {
    const before = this.heard.findLast((message) => message['type'] === type);
    return before ?? this.next(type);
  }

  /** The next message of this type from now on. */
  next(type: string): Promise<Readonly<Record<string, unknown>>> {
    return new Promise((resolve) => this.waiting.push({ type, resolve }));
  }

  /** Resolves when the server has taken all that was sent before. */
  async pong(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }

  hangUp(): void {
    this.socket.terminate();
  }
}
