import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { z } from 'zod';
import type { Logger } from '../logging/logger.js';
import { busChannel } from './bus-channel.js';
import { busMessageSchema, heartbeatSchema } from './bus-message.js';
import type { BusMessage, EventBus, PublishedMessage } from './event-bus.port.js';
import { Heartbeat, heartbeatLimitMs } from './heartbeat.js';
import { PostgresListener } from './postgres-listener.js';

const beatEveryMs = 500;
const firstRetryMs = 100;
const longestRetryMs = 5_000;
const sendTimeoutMs = 5_000;

/**
 * EventBus over LISTEN/NOTIFY. One connection listens, another sends: a beat goes out twice a second on the second and must
 * come back on the first, so that a connection that stalled, or that a pooler gave to somebody else, is not taken for one that
 * hears. When nothing is heard the connection is made again, with growing waits, and subscribers are told to `resync`:
 * PostgreSQL keeps no notification for a listener that is away.
 */
export class PostgresEventBus implements EventBus {
  private readonly sender: pg.Pool;
  private readonly handlers = new Set<(message: BusMessage) => void>();
  private readonly id = randomUUID();
  private readonly heart = new Heartbeat();
  private listener: PostgresListener | undefined;
  private beating: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private firstBeat: () => void = () => undefined;
  private lastTickMs = performance.now();
  private deafTold = false;
  private closed = false;

  constructor(
    url: string,
    private readonly logger: Logger,
    /** Where to listen, when the way to the database leads through a pooler. */
    private readonly listenUrl = url,
  ) {
    this.sender = new pg.Pool({
      connectionString: url,
      application_name: 'timbre event bus sender',
      max: 1,
      connectionTimeoutMillis: sendTimeoutMs,
      query_timeout: sendTimeoutMs,
    });
    this.sender.on('error', (error) => {
      this.logger.warn({ err: error }, 'event bus sender lost');
    });
  }

  /** Rejects when the first connection cannot be made; later ones are retried without end. Resolves when it hears, or is known not to. */
  async start(): Promise<void> {
    await this.connect();
    const heard = new Promise<void>((resolve) => {
      this.firstBeat = resolve;
    });
    this.beating = setInterval(() => {
      this.tick();
    }, beatEveryMs);
    this.beating.unref();
    this.beat();
    await heard;
  }

  get hears(): boolean {
    return this.heart.hears;
  }

  /** Never heard anything, though its connection stands: a pooler in transaction mode lies between. */
  get isDeaf(): boolean {
    return !this.heart.hasEverHeard;
  }

  async publish(message: PublishedMessage): Promise<void> {
    await this.send(message);
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
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.beating);
    clearTimeout(this.retryTimer);
    this.listener?.drop();
    this.listener = undefined;
    this.firstBeat();
    await this.sender.end();
  }

  private async send(message: PublishedMessage | z.infer<typeof heartbeatSchema>): Promise<void> {
    if (this.closed) throw new Error('The event bus is closed');
    await this.sender.query('SELECT pg_notify($1, $2)', [busChannel, JSON.stringify(message)]);
  }

  private async connect(): Promise<void> {
    const listener = await PostgresListener.connect(this.listenUrl, busChannel, {
      heard: (payload) => {
        this.receive(payload);
      },
      lost: (error) => {
        this.logger.warn({ err: error }, 'event bus connection lost');
        this.cutOff();
      },
    });
    if (this.closed) listener.drop();
    else this.listener = listener;
  }

  private tick(): void {
    const nowMs = performance.now();
    const wasBlocked = nowMs - this.lastTickMs > heartbeatLimitMs / 2;
    this.lastTickMs = nowMs;
    // After a pause of the whole process, what came back meanwhile has not been read yet.
    if (!wasBlocked && this.heart.isLate(nowMs)) {
      if (!this.isDeaf) {
        this.logger.warn('event bus connection hears nothing');
        this.listener?.drop();
        this.cutOff();
        return;
      }
      this.heart.lose();
      this.tellDeaf();
    }
    this.beat();
  }

  private tellDeaf(): void {
    if (this.deafTold) return;
    this.deafTold = true;
    this.logger.error(
      'the event bus hears nothing that other connections send, as behind a pooler in transaction mode: set TIMBRE_LISTEN_DATABASE_URL to the database itself. Until then changes made by other processes are found by asking, up to half a second late',
    );
    this.firstBeat();
  }

  /** A beat that cannot be sent is one that does not come back. */
  private beat(): void {
    if (this.listener === undefined) return;
    const beat = this.heart.send(performance.now());
    this.send({ kind: 'heartbeat', of: this.id, beat }).catch(() => undefined);
  }

  private cutOff(): void {
    this.listener = undefined;
    const heard = this.heart.hears;
    this.heart.lose();
    if (this.closed) return;
    if (heard) this.deliver({ kind: 'cut-off' });
    this.retry(firstRetryMs);
  }

  private retry(waitMs: number): void {
    this.retryTimer = setTimeout(() => {
      this.connect().then(
        () => {
          this.beat();
        },
        (error: unknown) => {
          this.logger.warn({ err: error }, 'event bus still away');
          if (!this.closed) this.retry(Math.min(waitMs * 2, longestRetryMs));
        },
      );
    }, waitMs);
  }

  private receive(payload: string): void {
    const json = parseJson(payload);
    const beat = heartbeatSchema.safeParse(json);
    if (beat.success) {
      if (beat.data.of === this.id) this.onBeat(beat.data.beat);
      return;
    }
    const parsed = busMessageSchema.safeParse(json);
    if (parsed.success) this.deliver(parsed.data);
    else this.logger.warn('event bus message not understood');
  }

  private onBeat(beat: number): void {
    const again = this.heart.hasEverHeard;
    if (!this.heart.receive(beat)) return;
    this.firstBeat();
    if (!again) return;
    this.logger.info('event bus connected again');
    this.deliver({ kind: 'resync' });
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
