import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import type { TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { CallEvent } from './call-event.entity.js';
import { changeCalls } from './call-changes.js';
import { insertCall, type CallWrite } from './call-write.js';
import { isLeaseHeld, ProcessLease } from '../leases/process-lease.js';
import { chainOf } from './calls-under-way.js';
import { lockCallEvents } from './event-lock.js';
import { forgetResults } from './forget-voice.js';
import { withoutEndedVoices, type QueuedWrite } from './unread-facts.js';

/** Progress alone may be left out when the database cannot keep up; what changed a call never is. */
const maxQueued = 20_000;
const retryMs = 500;
/**
 * Results of many calls share a transaction: after one begun, the next waits so long. With a hundred calls that is one of five
 * events instead of five of one each. The first after a pause goes at once, so does whatever is more than a result, and whoever
 * waits for the log waits for no more.
 */
const gatherMs = 50;

/**
 * Writes what happens in calls, off the audio's path: calls queue and go on. Ids of a tenant's events commit in order (one
 * advisory lock a tenant), so that a reader who saw event n has missed none below n.
 */
@Injectable()
export class CallEventWriter implements OnModuleInit {
  private queue: QueuedWrite[] = [];
  private writing: Promise<void> | null = null;
  private announced: Promise<void> = Promise.resolve();
  /** Who waits until all is written; and what ends a gathering early. */
  private waiting = 0;
  private hurry: () => void = () => undefined;
  private readonly dropped: Counter;

  constructor(
    private readonly database: Database,
    private readonly keys: TenantKeys,
    private readonly shutdown: Shutdown,
    private readonly lease: ProcessLease,
    private readonly feed: FactFeed,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.dropped = new Counter({
      name: 'timbre_call_events_dropped_total',
      help: 'Progress events left out of the event log because the database could not keep up',
      registers: [registry],
    });
  }

  onModuleInit(): void {
    this.shutdown.register('flush', 'call events', async () => {
      await this.flushed();
      await this.announced;
    });
  }

  add(write: CallWrite): void {
    if (write.kind === 'result' && this.queue.length >= maxQueued) {
      this.dropped.inc();
      return;
    }
    this.queue.push({ readTo: this.feed.reachedOf(write.tenantId), ...write });
    if (write.kind !== 'result') this.hurry();
    this.writing ??= this.drain();
  }

  /** Resolves when everything added so far is committed. */
  async flushed(): Promise<void> {
    this.waiting += 1;
    this.hurry();
    while (this.writing) await this.writing;
    this.waiting -= 1;
  }

  private async drain(): Promise<void> {
    // Let the writes of one turn of the event loop share a transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const beganMs = performance.now();
      const batch = this.queue;
      this.queue = [];
      for (const tenantId of new Set(batch.map((write) => write.tenantId))) {
        const writes = batch.filter((write) => write.tenantId === tenantId);
        await this.writeUntilDone(tenantId, writes);
      }
      await this.gather(performance.now() - beganMs);
    }
    this.writing = null;
  }

  private async gather(sinceMs: number): Promise<void> {
    const onlyResults = this.queue.every(({ kind }) => kind === 'result');
    if (this.waiting > 0 || !onlyResults || sinceMs >= gatherMs) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, gatherMs - sinceMs);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async writeUntilDone(tenantId: TenantId, writes: readonly QueuedWrite[]): Promise<void> {
    for (;;) {
      try {
        const lastEventId = await this.write(tenantId, writes);
        this.announce(tenantId, lastEventId);
        return;
      } catch (error) {
        if (error instanceof LeaseLost && (await this.isBack())) continue;
        const apart = isRefusedByData(error) ? smaller(writes) : [];
        if (apart.length > 1) {
          // One call's data must not cost the others theirs, nor one event the call's others.
          for (const each of apart) await this.writeUntilDone(tenantId, each);
          return;
        }
        if (this.shutdown.begun || isRefusedByData(error)) {
          this.logger.error({ err: error, events: writes.length }, 'call events lost');
          return;
        }
        this.logger.error({ err: error, events: writes.length }, 'call events not written, trying again');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  /** Others may have closed what this process writes of: it writes on when its calls are its own again. */
  private async isBack(): Promise<boolean> {
    try {
      await this.lease.renew();
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'a new lease could not be had');
      return false;
    }
  }

  /** Readers ask the log itself, so a lost announcement only delays them: it is not a reason to write again. */
  private announce(tenantId: TenantId, lastEventId: string): void {
    this.announced = this.bus
      .publish({ kind: 'call-events', tenantId, lastEventId })
      .catch((error: unknown) => {
        this.logger.error({ err: error }, 'new call events could not be announced');
      });
  }

  private async write(tenantId: TenantId, queued: readonly QueuedWrite[]): Promise<string> {
    const pepper = queued.some(({ opened }) => opened) ? await this.keys.pepper(tenantId) : null;
    return this.database.forTenant(tenantId, async (em) => {
      await lockCallEvents(em, tenantId);
      const processId = this.lease.id;
      if (!(await isLeaseHeld(em, processId))) throw new LeaseLost();
      const writes = await withoutEndedVoices(em, tenantId, queued);
      for (const write of writes)
        if (write.opened && pepper) await insertCall(em, write, write.opened, { pepper, processId });
      await changeCalls(em, writes);
      const rows = writes.map(({ callId, kind, payload, at }) => ({ tenantId, callId, kind, payload, at }));
      const { generatedMaps } = await em.insert(CallEvent, rows);
      const ids = generatedMaps.map((made) => String(made['eventId']));
      for (const [index, { kind, callId }] of writes.entries())
        if (kind === 'voice-forgotten')
          await forgetResults(em, tenantId, await chainOf(em, callId), { eventId: ids[index] ?? '0' });
      return ids.at(-1) ?? '0';
    });
  }
}

class LeaseLost extends Error {}

function smaller(writes: readonly QueuedWrite[]): QueuedWrite[][] {
  const calls = callByCall(writes);
  return calls.length > 1 ? calls : writes.map((write) => [write]);
}

function callByCall(writes: readonly QueuedWrite[]): QueuedWrite[][] {
  return [...new Set(writes.map(({ callId }) => callId))].map((callId) =>
    writes.filter((write) => write.callId === callId),
  );
}

/** SQLSTATE classes 22 and 23: the database will never take these rows, so trying again would only hold up the others. */
function isRefusedByData(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^2[23]/.test(code);
}
