import type { Socket } from 'node:net';
import pg from 'pg';

const connectTimeoutMs = 5000;

export interface ListenerNews {
  heard(payload: string): void;
  /** The connection is gone; told once, and not after `drop`. */
  lost(error: Error | undefined): void;
}

/** One connection that listens on one channel. */
export class PostgresListener {
  private constructor(private readonly client: pg.Client) {}

  static async connect(url: string, channel: string, news: ListenerNews): Promise<PostgresListener> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'timbre event bus',
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    const listener = new PostgresListener(client);
    const lost = (error?: Error): void => {
      client.removeAllListeners();
      // Sockets that are dropped report their end once more.
      client.on('error', () => undefined);
      news.lost(error);
    };
    client.on('notification', ({ payload }) => {
      news.heard(payload ?? '');
    });
    client.on('error', lost);
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      listener.drop();
      throw error;
    }
    client.on('end', () => {
      lost();
    });
    return listener;
  }

  /** At once, without a goodbye that a stalled connection would never take. */
  drop(): void {
    this.client.removeAllListeners();
    this.client.on('error', () => undefined);
    const { connection } = this.client as unknown as { connection: { stream: Socket } };
    connection.stream.destroy();
  }
}
