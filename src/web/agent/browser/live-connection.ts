import type { LiveMessage } from './api-types.js';
import { backoffMs } from './backoff.js';

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number }
  | { readonly kind: 'refused'; readonly why: 'token' | 'role' };

export interface LiveListener {
  onMessage(message: LiveMessage): void;
  onState(state: ConnectionState): void;
  /** Where to go on after a drop; null begins with a snapshot. */
  lastEventId(): string | null;
}

const tokenRevoked = 4401;
/** The server says something at least every 20 s: silence past this is a dead line. */
const silenceMs = 30_000;

/** One socket at a time to /v1/live, made again after every drop until stopped. */
export class LiveConnection {
  private readonly token: string;
  private readonly listener: LiveListener;
  private socket: WebSocket | undefined;
  private state: ConnectionState = { kind: 'connecting' };
  private attempt = 0;
  private timer = 0;
  private stopped = false;

  constructor(token: string, listener: LiveListener) {
    this.token = token;
    this.listener = listener;
    window.addEventListener('online', this.retryNow);
    window.addEventListener('offline', this.drop);
  }

  start(): void {
    this.open();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener('online', this.retryNow);
    window.removeEventListener('offline', this.drop);
    clearTimeout(this.timer);
    this.socket?.close(1000);
  }

  private readonly retryNow = (): void => {
    if (this.state.kind !== 'reconnecting' || this.socket !== undefined) return;
    clearTimeout(this.timer);
    this.open();
  };

  /** Not waiting for the closing handshake, which a dead line never answers. */
  private readonly drop = (): void => {
    const socket = this.socket;
    if (socket === undefined) return;
    this.closed(socket, 0);
    socket.close();
  };

  private open(): void {
    const url = new URL('/v1/live', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const after = this.listener.lastEventId();
    if (after !== null) url.searchParams.set('after', after);
    const socket = new WebSocket(url, ['timbre.v1', `bearer.${this.token}`]);
    this.socket = socket;
    this.watch();
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      if (socket !== this.socket) return;
      this.watch();
      const message = JSON.parse(event.data) as LiveMessage;
      this.listener.onMessage(message);
      // Only now: an open socket may have the events of the drop still on their way.
      if (message.type !== 'caught-up') return;
      this.attempt = 0;
      this.set({ kind: 'live' });
    });
    socket.addEventListener('close', (event) => {
      this.closed(socket, event.code);
    });
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(this.drop, silenceMs);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket || this.stopped) return;
    this.socket = undefined;
    clearTimeout(this.timer);
    if (code === tokenRevoked) {
      this.refuse('token');
      return;
    }
    const wasLive = this.state.kind === 'live';
    if (this.state.kind !== 'reconnecting') this.set({ kind: 'reconnecting', sinceMs: Date.now() });
    if (wasLive) this.retryLater();
    else void this.askWhy();
  }

  /** A browser does not tell why a WebSocket was refused; the same path over plain HTTP does. */
  private async askWhy(): Promise<void> {
    let status = 0;
    try {
      const answer = await fetch('/v1/live', { headers: { Authorization: `Bearer ${this.token}` } });
      status = answer.status;
    } catch {
      // Not reachable: try again later.
    }
    if (status === 401) this.refuse('token');
    else if (status === 403) this.refuse('role');
    else this.retryLater();
  }

  private retryLater(): void {
    if (this.stopped) return;
    const wait = backoffMs(this.attempt, Math.random());
    this.attempt += 1;
    this.timer = window.setTimeout(() => {
      this.open();
    }, wait);
  }

  private refuse(why: 'token' | 'role'): void {
    if (this.stopped) return;
    this.stop();
    this.set({ kind: 'refused', why });
  }

  private set(state: ConnectionState): void {
    this.state = state;
    this.listener.onState(state);
  }
}
