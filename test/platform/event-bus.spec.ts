import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallId, TenantId } from '../../src/core/ids.js';
import type { BusMessage, EventBus, PublishedMessage } from '../../src/platform/event-bus/event-bus.port.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import { hasPgbouncer, startPgbouncer } from '../../bench/support/pgbouncer.js';
import { startStallingProxy } from '../../bench/support/stalling-proxy.js';
import { silentLogger, startPostgres, type TestPostgres } from '../support/postgres.js';

let postgres: TestPostgres;
let buses: PostgresEventBus[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  buses = [];
});

async function aBus(): Promise<PostgresEventBus> {
  const bus = new PostgresEventBus(postgres.url, silentLogger);
  buses.push(bus);
  await bus.start();
  return bus;
}

const aWakeUp = (): PublishedMessage => ({
  kind: 'call-wanted',
  tenantId: randomUUID() as string as TenantId,
  callId: randomUUID() as string as CallId,
});

function heard(bus: EventBus, count: number): Promise<BusMessage[]> {
  const messages: BusMessage[] = [];
  return new Promise((resolve) => {
    const end = bus.subscribe((message) => {
      messages.push(message);
      if (messages.length === count) {
        end();
        resolve(messages);
      }
    });
  });
}

async function asAdmin(sql: string, values: unknown[] = []): Promise<void> {
  const admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query(sql, values);
  await admin.end();
}
const cutConnections = (): Promise<void> =>
  asAdmin(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'timbre event bus' AND datname = current_database()`,
  );

/** What a driver of the bus must do, whatever carries its messages. */
const drivers: readonly [string, () => Promise<EventBus>][] = [['PostgreSQL', aBus]];

describe.each(drivers)('every driver of the event bus: %s', (_, makeBus) => {
  it('tells every process, the sender too, in order', async () => {
    const [here, there] = [await makeBus(), await makeBus()];
    const messages = [aWakeUp(), aWakeUp(), aWakeUp()];
    const arrivals = [heard(here, 3), heard(there, 3)];
    for (const message of messages) await here.publish(message);
    expect(await Promise.all(arrivals)).toEqual([messages, messages]);
  });

  it('hears nothing after the subscription ended', async () => {
    const bus = await makeBus();
    const seen: BusMessage[] = [];
    const end = bus.subscribe((message) => seen.push(message));
    end();
    const arrival = heard(bus, 1);
    await bus.publish(aWakeUp());
    await arrival;
    expect(seen).toEqual([]);
  });

  it('hears what it says itself, and says that it hears', async () => {
    const bus = await makeBus();
    expect(bus.hears).toBe(true);
  });
});

describe('the event bus over PostgreSQL', () => {
  it('passes by what it does not understand, and a handler that throws', async () => {
    const bus = await aBus();
    bus.subscribe(() => {
      throw new Error('a broken handler');
    });
    const arrival = heard(bus, 1);
    for (const payload of [
      '',
      'no JSON',
      '{"kind":"unheard-of"}',
      '{"kind":"resync"}',
      '{"kind":"call-wanted","tenantId":"7"}',
    ]) {
      await asAdmin('SELECT pg_notify($1, $2)', ['timbre_bus', payload]);
    }
    const message = aWakeUp();
    await bus.publish(message);
    expect(await arrival).toEqual([message]);
  });

  it('says when it is cut off, connects again, says that messages may be missing, and goes on', async () => {
    const bus = await aBus();
    const arrival = heard(bus, 2);
    await cutConnections();
    expect(await arrival).toEqual([{ kind: 'cut-off' }, { kind: 'resync' }]);
    expect(bus.hears).toBe(true);
    const message = aWakeUp();
    const next = heard(bus, 1);
    await bus.publish(message);
    expect(await next).toEqual([message]);
  });

  it('sends what was published while it was cut off once it is back', async () => {
    const [here, there] = [await aBus(), await aBus()];
    const arrival = new Promise<BusMessage>((resolve) => {
      there.subscribe((message) => {
        if (message.kind === 'call-wanted') resolve(message);
      });
    });
    const back = heard(there, 2);
    await cutConnections();
    await back;
    const message = aWakeUp();
    await here.publish(message);
    expect(await arrival).toEqual(message);
  });

  it('refuses to start without a database', async () => {
    const nowhere = new URL(postgres.url);
    nowhere.port = '1';
    await expect(new PostgresEventBus(nowhere.href, silentLogger).start()).rejects.toThrow(/ECONNREFUSED/);
  });

  it('notices a connection that stalls without closing, and is told so', async () => {
    const proxy = await startStallingProxy(postgres.url);
    const bus = new PostgresEventBus(postgres.url, silentLogger, proxy.url);
    buses.push(bus);
    await bus.start();
    expect(bus.hears).toBe(true);
    const cutOff = heard(bus, 1);
    proxy.stall();
    expect(await cutOff).toEqual([{ kind: 'cut-off' }]);
    expect(bus.hears).toBe(false);
    const back = heard(bus, 1);
    proxy.goOn();
    expect(await back).toEqual([{ kind: 'resync' }]);
    expect(bus.hears).toBe(true);
    await proxy.close();
  });

  (hasPgbouncer ? describe : describe.skip)(
    'behind pgbouncer in transaction mode (apt-get install pgbouncer)',
    () => {
      it('knows that it hears nothing, and what it publishes reaches those who listen directly', async () => {
        const pooler = await startPgbouncer(postgres.url);
        const pooled = new PostgresEventBus(pooler.url, silentLogger);
        buses.push(pooled);
        await pooled.start();
        expect([pooled.hears, pooled.isDeaf]).toEqual([false, true]);
        const arrival = heard(await aBus(), 1);
        const message = aWakeUp();
        await pooled.publish(message);
        expect(await arrival).toEqual([message]);
        await pooled.close();
        await pooler.stop();
      });

      it('hears when it listens at the database itself', async () => {
        const pooler = await startPgbouncer(postgres.url);
        const bus = new PostgresEventBus(pooler.url, silentLogger, postgres.url);
        buses.push(bus);
        await bus.start();
        expect([bus.hears, bus.isDeaf]).toEqual([true, false]);
        await bus.close();
        await pooler.stop();
      });
    },
  );

  it('fails what still waits to be published when it is closed', async () => {
    const bus = await aBus();
    await bus.close();
    await expect(bus.publish(aWakeUp())).rejects.toThrow('The event bus is closed');
  });
});
