import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, SelfServiceLinkId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { wipe } from '../../../platform/crypto/envelope.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { unknownCustomer } from '../../people/customers/customer-lock.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { signLink } from './link-format.js';
import type { Scope } from './scopes.js';
import { SelfServiceLink } from './self-service-link.entity.js';

export interface WantedLink {
  readonly scopes: readonly Scope[];
  readonly language: string | undefined;
  readonly validForSeconds: number;
}

export interface IssuedLink {
  readonly linkId: SelfServiceLinkId;
  /** What opens the page, once. Here and nowhere else. */
  readonly secret: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string;
}

/** Ways into the customer page: the bank's own site knows who is signed in, and asks for one for that person. */
@Injectable()
export class LinksService {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws customer-not-found. */
  async issue(
    { tenantId, tokenId }: Principal,
    customerId: CustomerId,
    wanted: WantedLink,
  ): Promise<IssuedLink> {
    const nowMs = this.clock.nowMs();
    const at = new Date(nowMs);
    const linkId = randomUUID() as string as SelfServiceLinkId;
    // Whole seconds, as the link says it.
    const expiresAtSeconds = Math.floor(nowMs / 1000) + wanted.validForSeconds;
    const expiresAt = new Date(expiresAtSeconds * 1000);
    const scopes: Scope[] = [...new Set<Scope>(['view', ...wanted.scopes])];
    const pepper = await this.tenantKeys.pepper(tenantId);
    try {
      const secret = signLink(pepper, { tenantId, linkId, expiresAtSeconds });
      await this.database.forTenant(tenantId, async (em) => {
        if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
        // What has expired says so by itself: nothing of it need be kept.
        await em.delete(SelfServiceLink, { expiresAt: LessThanOrEqual(at) });
        const whom = { customerId, scopes, language: wanted.language ?? null };
        await em.insert(SelfServiceLink, {
          linkId,
          tenantId,
          ...whom,
          issuedBy: tokenId,
          issuedAt: at,
          expiresAt,
          usedAt: null,
        });
        await recordFact(em, tenantId, at, {
          action: 'self-service-link-issued',
          by: tokenId,
          subject: { kind: 'customer', id: customerId },
          details: { linkId, scopes, expiresAt: expiresAt.toISOString() },
        });
      });
      return { linkId, secret, scopes, expiresAt: expiresAt.toISOString() };
    } finally {
      wipe(pepper);
    }
  }
}
