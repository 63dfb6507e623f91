import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import { busMessageSchema } from './bus-message.js';
import type { BusMessage, EventBus, PublishedMessage } from './event-bus.port.js';

const channel = 'timbre_bus';
const firstRetryMs = 100;
const longestRetryMs = 5_000;

/**
 * EventBus over LISTEN/NOTIFY on one connection of its own. When that connection drops it is made again, with growing waits,
 * and subscribers are told to `resync`: PostgreSQL keeps no notification for a listener that is away.
 */
export class PostgresEventBus implements EventBus {
  private readonly url: string;
  private readonly logger: Logger;
  private readonly handlers = new Set<(message: BusMessage) => void>();
  private readonly waiting = new Set<{
    resolve: (client: pg.Client) => void;
    reject: (error: Error) => void;
  }>();
  private client: pg.Client | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(url: string, logger: Logger) {
    this.url = url;
    this.logger = logger;
  }

  /** Rejects when the first connection cannot be made; later ones are retried without end. */
  async start(): Promise<void> {
    await this.connect();
  }

  /** Whether messages of other processes arrive now. */
  get connected(): boolean {
    return this.client !== undefined;
  }

  /** While the connection is away the message waits for the next one; a message may be delivered twice, never silently lost. */
  async publish(message: PublishedMessage): Promise<void> {
    const payload = JSON.stringify(message);
    for (;;) {
      const client = this.client ?? (await this.nextConnection());
      try {
        await client.query('SELECT pg_notify($1, $2)', [channel, payload]);
        return;
      } catch (error) {
        if (this.client === client) throw error;
      }
    }
  }

  subscribe(handler: (message: BusMessage) => void): () => void {
    // A function of its own per subscription: the same handler may subscribe twice.
    const subscription = (message: BusMessage): void => {
      handler(message);
    };
    this.handlers.add(subscription);
    return () => {
      this.handlers.delete(subscription);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retryTimer);
    const client = this.client;
    this.client = undefined;
    for (const { reject } of this.waiting) reject(new Error('The event bus is closed'));
    this.waiting.clear();
    await client?.end();
  }

  private nextConnection(): Promise<pg.Client> {
    if (this.closed) return Promise.reject(new Error('The event bus is closed'));
    return new Promise((resolve, reject) => {
      this.waiting.add({ resolve, reject });
    });
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'timbre event bus',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    client.on('notification', ({ payload }) => {
      this.receive(payload ?? '');
    });
    client.on('error', (error) => {
      this.lost(client, error);
    });
    client.on('end', () => {
      this.lost(client, undefined);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) {
      await client.end();
      return;
    }
    this.client = client;
    for (const { resolve } of this.waiting) resolve(client);
    this.waiting.clear();
  }

  private lost(client: pg.Client, error: Error | undefined): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    this.logger.warn({ err: error }, 'event bus connection lost');
    client.end().catch(() => undefined);
    this.retry(firstRetryMs);
    this.deliver({ kind: 'cut-off' });
  }

  private retry(waitMs: number): void {
    this.retryTimer = setTimeout(() => {
      this.reconnect(waitMs).catch((error: unknown) => {
        this.logger.error({ err: error }, 'event bus reconnection failed');
      });
    }, waitMs);
  }

  private async reconnect(waitMs: number): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      this.logger.warn({ err: error }, 'event bus still away');
      if (!this.closed) this.retry(Math.min(waitMs * 2, longestRetryMs));
      return;
    }
    if (this.closed) return;
    this.logger.info('event bus connected again');
    this.deliver({ kind: 'resync' });
  }

  private receive(payload: string): void {
    const parsed = busMessageSchema.safeParse(parseJson(payload));
    if (parsed.success) this.deliver(parsed.data);
    else this.logger.warn('event bus message not understood');
  }

  private deliver(message: BusMessage): void {
    for (const handler of [...this.handlers]) {
      try {
        handler(message);
      } catch (error) {
        this.logger.error({ err: error, kind: message.kind }, 'event bus handler failed');
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
