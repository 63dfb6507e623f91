import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { In, IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';
import { centred } from '../../../core/speaker/centring.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { WATCHLIST_SEARCH, type WatchlistSearch } from '../../../engine/watchlist/watchlist.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { openEntries } from './entry-store.js';
import { definitionOf, type ListDefinition } from './list-definition.js';
import { WatchlistEntry } from './watchlist-entry.entity.js';
import { Watchlist } from './watchlist.entity.js';

interface HeldList {
  readonly definition: ListDefinition;
  /** When each entry that the search thread holds ends. */
  readonly entries: Map<WatchlistEntryId, number>;
}
type HeldLists = Map<WatchlistId, HeldList>;

/** Entries opened at a time: turned back from their secret transform, about 10 ms of this thread for each page. */
const page = 100;

/** What this process holds of the tenants' lists, in step with the database: read at first need, changed by what happens. */
@Injectable()
export class WatchlistDirectory implements OnModuleInit, OnModuleDestroy {
  private readonly held = new Map<TenantId, HeldLists>();
  /** Changes of one tenant are carried out one after the other. */
  private readonly work = new Map<TenantId, Promise<void>>();
  private readonly listeners = new Set<(tenantId: TenantId) => void>();
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(WATCHLIST_SEARCH) private readonly search: WatchlistSearch,
    private readonly feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.unsubscribe.push(
      this.feed.subscribe('watchlists', (facts) => {
        for (const fact of facts) this.hear(fact);
      }),
      this.search.onLost(() => {
        this.readAgain();
      }),
    );
  }

  onModuleDestroy(): void {
    for (const end of this.unsubscribe) end();
  }

  /** Called when what this process holds of a tenant's lists has changed; returns the function that ends this. */
  onChanged(listener: (tenantId: TenantId) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The tenant's open lists that are held here, past entries gone. Asked for the first time it begins to read them and knows none
   * yet: a call must not wait for a hundred thousand entries, and hears of them (`onChanged`) when they are there.
   */
  async lists(tenantId: TenantId): Promise<readonly ListDefinition[]> {
    if (!this.isKnown(tenantId)) this.carry(tenantId, () => this.read(tenantId, null));
    await this.dropPast(tenantId);
    return [...this.of(tenantId).values()].map(({ definition }) => definition);
  }

  /** Held, or being read: what changes meanwhile is carried out after that. */
  private isKnown(tenantId: TenantId): boolean {
    return this.held.has(tenantId) || this.work.has(tenantId);
  }

  private of(tenantId: TenantId): HeldLists {
    return this.held.get(tenantId) ?? new Map<WatchlistId, HeldList>();
  }

  private hear(fact: StoredFact): void {
    const { tenantId } = fact;
    // A tenant without a call yet is read whole when the first one comes.
    if (!this.isKnown(tenantId)) return;
    switch (fact.action) {
      case 'watchlist-created':
      case 'watchlist-reviewed':
      case 'watchlist-closed': {
        const listId = fact.subject.id;
        this.carry(tenantId, () => this.read(tenantId, listId));
        return;
      }
      case 'watchlist-entry-added':
      case 'watchlist-entry-expired':
      case 'watchlist-entry-erased': {
        const entryId = fact.subject.id;
        const { listId } = fact.details;
        this.carry(tenantId, () => this.readEntry(tenantId, listId, entryId));
        return;
      }
      default:
        return;
    }
  }

  /** The thread died with all it held. */
  private readAgain(): void {
    for (const tenantId of new Set([...this.held.keys(), ...this.work.keys()])) {
      this.carry(tenantId, async () => {
        for (const listId of this.of(tenantId).keys()) await this.search.remove(listId, null);
        this.held.set(tenantId, new Map());
        await this.read(tenantId, null);
      });
    }
  }

  private carry(tenantId: TenantId, work: () => Promise<void>): void {
    this.enqueue(tenantId, work).then(
      () => {
        for (const listener of [...this.listeners]) listener(tenantId);
      },
      (error: unknown) => {
        this.logger.error({ err: error, tenantId }, 'watchlists could not be read');
        // Rather nothing is screened than with what may have been erased; the next call reads all anew.
        void this.forget(tenantId);
      },
    );
  }

  private async forget(tenantId: TenantId): Promise<void> {
    const held = [...this.of(tenantId).keys()];
    this.held.delete(tenantId);
    this.work.delete(tenantId);
    for (const listId of held) await this.search.remove(listId, null).catch(() => undefined);
  }

  private enqueue(tenantId: TenantId, work: () => Promise<void>): Promise<void> {
    const before = this.work.get(tenantId) ?? Promise.resolve();
    const done = before.catch(() => undefined).then(work);
    this.work.set(tenantId, done);
    return done;
  }

  /** Brings one list, or all, to what the database says. */
  private async read(tenantId: TenantId, listId: WatchlistId | null): Promise<void> {
    const held = this.of(tenantId);
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.findBy(Watchlist, { tenantId, closedAt: IsNull(), ...(listId && { listId }) }),
    );
    const gone = (listId === null ? [...held.keys()] : [listId]).filter(
      (id) => !rows.some((row) => row.listId === id),
    );
    for (const id of gone) {
      await this.search.remove(id, null);
      held.delete(id);
    }
    for (const row of rows) {
      const entries = held.get(row.listId)?.entries ?? new Map<WatchlistEntryId, number>();
      await this.readEntries(tenantId, row.listId, entries);
      held.set(row.listId, { definition: definitionOf(row), entries });
    }
    this.held.set(tenantId, held);
  }

  private async readEntries(
    tenantId: TenantId,
    listId: WatchlistId,
    entries: Map<WatchlistEntryId, number>,
  ): Promise<void> {
    const current = await this.database.forTenant(tenantId, (em) => this.currentIds(em, listId));
    const gone = [...entries.keys()].filter((id) => !current.has(id));
    await this.search.remove(listId, gone);
    for (const id of gone) entries.delete(id);
    const missing = [...current].filter((id) => !entries.has(id));
    for (let from = 0; from < missing.length; from += page)
      await this.hold(tenantId, listId, missing.slice(from, from + page), entries);
  }

  private async currentIds(em: EntityManager, listId: WatchlistId): Promise<Set<WatchlistEntryId>> {
    const rows = await em.find(WatchlistEntry, {
      select: { entryId: true },
      where: {
        listId,
        endedAt: IsNull(),
        modelSha256: this.engine.model.sha256,
        expiresAt: MoreThan(new Date(this.clock.nowMs())),
      },
    });
    return new Set(rows.map(({ entryId }) => entryId));
  }

  private async readEntry(tenantId: TenantId, listId: WatchlistId, entryId: WatchlistEntryId): Promise<void> {
    const entries = this.of(tenantId).get(listId)?.entries;
    // A list not known yet: its own message is on the way, or was lost; reading it whole serves both.
    if (entries === undefined) return this.read(tenantId, listId);
    if ((await this.hold(tenantId, listId, [entryId], entries)) > 0) return;
    await this.search.remove(listId, [entryId]);
    entries.delete(entryId);
  }

  /** Hands voices to the search thread; returns how many of them there are. */
  private async hold(
    tenantId: TenantId,
    listId: WatchlistId,
    wanted: readonly WatchlistEntryId[],
    entries: Map<WatchlistEntryId, number>,
  ): Promise<number> {
    const { embeddingSize, sha256: modelSha256, centre } = this.engine.model;
    const ring = await this.tenantKeys.ring(tenantId);
    let rows: WatchlistEntry[] = [];
    let vectors = new Float32Array(0);
    try {
      await this.database.forTenant(tenantId, async (em) => {
        rows = await em.findBy(WatchlistEntry, {
          listId,
          entryId: In([...wanted]),
          endedAt: IsNull(),
          modelSha256,
        });
        vectors = new Float32Array(rows.length * embeddingSize);
        for (const [i, voice] of (await openEntries(em, rows, ring)).entries()) {
          const direction = centred(voice, centre);
          if (direction) vectors.set(direction, i * embeddingSize);
          voice.fill(0);
          direction?.fill(0);
        }
      });
      await this.search.add(
        listId,
        rows.map(({ entryId }) => entryId),
        vectors,
      );
    } finally {
      vectors.fill(0);
      ring.wipe();
    }
    for (const { entryId, expiresAt } of rows) entries.set(entryId, expiresAt.getTime());
    return rows.length;
  }

  /** An entry past its date matches nobody, whether or not the sweeper has come by. */
  private async dropPast(tenantId: TenantId): Promise<void> {
    const nowMs = this.clock.nowMs();
    for (const [listId, { entries }] of this.of(tenantId)) {
      const past = [...entries].flatMap(([id, endsMs]) => (endsMs <= nowMs ? [id] : []));
      if (past.length === 0) continue;
      for (const id of past) entries.delete(id);
      await this.search.remove(listId, past);
    }
  }
}
