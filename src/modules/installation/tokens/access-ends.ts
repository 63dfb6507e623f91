import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { Access, AccessWatch } from '../../../platform/auth/access.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { FactFeed } from '../facts/fact-feed.js';

/** How often it looks which of the watched tokens have expired. */
const lookEveryMs = 250;
/** Revoked ones are remembered for those that were being let in meanwhile: far more than are revoked in that time. */
const rememberedAtMost = 10_000;

interface Watched {
  readonly access: Access;
  readonly ended: () => void;
}

/** Tells open sockets and streams that what let them in counts no more: tokens and credentials revoked, tokens expired. */
@Injectable()
export class AccessEnds implements AccessWatch, OnModuleInit, OnModuleDestroy {
  private readonly watched = new Map<string, Set<Watched>>();
  private readonly expiring = new Set<Watched>();
  private readonly revoked = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly unsubscribe: () => void;

  constructor(
    feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.unsubscribe = feed.subscribe('open sockets', (facts) => {
      for (const { action, subject } of facts)
        if (action === 'token-revoked' || action === 'telephony-credential-revoked') this.revoke(subject.id);
    });
  }

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.endExpired();
    }, lookEveryMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.unsubscribe();
  }

  /** True when its revocation has been read here. */
  isRevoked(id: string): boolean {
    return this.revoked.has(id);
  }

  watch(access: Access, ended: () => void): () => void {
    const watched = { access, ended };
    const others = this.watched.get(access.id) ?? new Set();
    this.watched.set(access.id, others.add(watched));
    if (access.expiresAtMs !== undefined) this.expiring.add(watched);
    if (this.revoked.has(access.id)) this.end(watched);
    return () => {
      this.forget(watched);
    };
  }

  private revoke(id: string): void {
    const [oldest] = this.revoked;
    if (this.revoked.size >= rememberedAtMost && oldest !== undefined) this.revoked.delete(oldest);
    this.revoked.add(id);
    for (const watched of this.watched.get(id) ?? []) this.end(watched);
  }

  private endExpired(): void {
    const nowMs = this.clock.nowMs();
    for (const watched of this.expiring)
      if (nowMs >= (watched.access.expiresAtMs ?? Number.POSITIVE_INFINITY)) this.end(watched);
  }

  private end(watched: Watched): void {
    this.forget(watched);
    watched.ended();
  }

  private forget(watched: Watched): void {
    const { id } = watched.access;
    this.expiring.delete(watched);
    const others = this.watched.get(id);
    others?.delete(watched);
    if (others?.size === 0) this.watched.delete(id);
  }
}
