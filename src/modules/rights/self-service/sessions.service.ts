import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { EntityNotFoundError, IsNull, LessThanOrEqual, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { SelfServiceSessionId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { wipe } from '../../../platform/crypto/envelope.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { isSigned, parseLink, type SignedLink } from './link-format.js';
import { SelfServiceLink } from './self-service-link.entity.js';
import { SelfServiceSession, type Visit } from './self-service-session.entity.js';
import { newSecret, secretHash, tenantOfSecret } from './session-cookie.js';

export type Opening =
  | { readonly kind: 'opened'; readonly secret: string; readonly session: Visit }
  /** By the very browser that has opened it: a page loaded again. */
  | { readonly kind: 'already-open'; readonly session: Visit }
  | { readonly kind: 'refused'; readonly reason: LinkRefusal };

export type LinkRefusal = 'link-not-valid' | 'link-expired' | 'link-used';

/** However busy somebody is: past this the bank is asked again who it is. */
const sessionAtMostMs = 3_600_000;

/** Links are exchanged for visits, and visits end by themselves. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async open(text: string, cookieSecret: string | undefined): Promise<Opening> {
    const link = parseLink(text);
    if (link === undefined || !(await this.isGenuine(link))) return refused('link-not-valid');
    const nowMs = this.clock.nowMs();
    if (link.expiresAtSeconds * 1000 <= nowMs) return refused('link-expired');
    const { tenantId, linkId } = link;
    const opening = await this.database.forTenant(tenantId, async (em): Promise<Opening> => {
      const at = new Date(nowMs);
      // Of two at once one finds it unused.
      const { affected } = await em.update(SelfServiceLink, { linkId, usedAt: IsNull() }, { usedAt: at });
      const row = await em.findOneBy(SelfServiceLink, { linkId });
      if (row === null) return refused('link-not-valid');
      if (affected === 1) return this.begin(em, row, at);
      const session = cookieSecret === undefined ? undefined : await this.current(em, cookieSecret);
      if (session?.linkId === linkId) return { kind: 'already-open', session };
      await recordFact(em, tenantId, at, {
        action: 'self-service-link-refused',
        by: null,
        subject: { kind: 'customer', id: row.customerId },
        details: { linkId, reason: 'link-used' },
      });
      return refused('link-used');
    });
    // Whoever sat here before is gone: their visit must not be gone on with.
    if (opening.kind === 'opened' && cookieSecret !== undefined) await this.end(cookieSecret);
    return opening;
  }

  /** The visit that a cookie stands for; it lasts longer by being asked for. Undefined when it is over or never was. */
  async resume(secret: string | undefined): Promise<Visit | undefined> {
    const tenantId = secret === undefined ? undefined : tenantOfSecret(secret);
    if (secret === undefined || tenantId === undefined) return undefined;
    return this.database.forTenant(tenantId, async (em) => {
      const session = await this.current(em, secret);
      if (session === undefined) return undefined;
      session.idleEndsAt = this.idleEnd(session.endsAt);
      await em.update(
        SelfServiceSession,
        { sessionId: session.sessionId },
        { idleEndsAt: session.idleEndsAt },
      );
      return session;
    });
  }

  async end(secret: string): Promise<void> {
    const tenantId = tenantOfSecret(secret);
    if (tenantId === undefined) return;
    await this.database.forTenant(tenantId, (em) =>
      em.delete(SelfServiceSession, { secretHash: secretHash(secret) }),
    );
  }

  /** A link of a tenant that never was is no link. */
  private async isGenuine(link: SignedLink): Promise<boolean> {
    try {
      const pepper = await this.tenantKeys.pepper(link.tenantId);
      const signed = isSigned(pepper, link);
      wipe(pepper);
      return signed;
    } catch (error) {
      if (error instanceof EntityNotFoundError) return false;
      throw error;
    }
  }

  private async begin(em: EntityManager, link: SelfServiceLink, at: Date): Promise<Opening> {
    const { tenantId, customerId, linkId, issuedBy, scopes, language } = link;
    const secret = newSecret(tenantId);
    const endsAt = new Date(at.getTime() + sessionAtMostMs);
    const session = {
      sessionId: randomUUID() as string as SelfServiceSessionId,
      tenantId,
      customerId,
      linkId,
      issuedBy,
      scopes,
      language,
      secretHash: secretHash(secret),
      openedAt: at,
      idleEndsAt: this.idleEnd(endsAt),
      endsAt,
    };
    await em.delete(SelfServiceSession, { idleEndsAt: LessThanOrEqual(at) });
    await em.insert(SelfServiceSession, session);
    await recordFact(em, tenantId, at, {
      action: 'self-service-opened',
      by: issuedBy,
      subject: { kind: 'customer', id: customerId },
      details: { linkId, scopes },
    });
    return { kind: 'opened', secret, session };
  }

  private async current(em: EntityManager, secret: string): Promise<Visit | undefined> {
    const hash = secretHash(secret);
    const row = await em.findOneBy(SelfServiceSession, { secretHash: hash });
    const isOver = row === null || row.idleEndsAt.getTime() <= this.clock.nowMs();
    return isOver || !timingSafeEqual(row.secretHash, hash) ? undefined : row;
  }

  private idleEnd(endsAt: Date): Date {
    const idleMs = this.config.selfServiceIdleSeconds * 1000;
    return new Date(Math.min(this.clock.nowMs() + idleMs, endsAt.getTime()));
  }
}

function refused(reason: LinkRefusal): Opening {
  return { kind: 'refused', reason };
}
