import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { TenantId } from '../../../core/ids.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Call } from '../../calls/call-log/call.entity.js';
import { ConsentsService } from '../../people/consents/consents.service.js';
import { Objection } from '../../people/consents/objection.entity.js';
import type { RightsRequest } from './request.entity.js';

/**
 * What an objection or a limit changes. The gate reads the objection itself, so that nothing is processed from its commit on;
 * live calls are told at once. An objection then ends the consents too, and with them what is kept of the voice.
 */
@Injectable()
export class ObjectionEffects {
  constructor(
    private readonly database: Database,
    private readonly consents: ConsentsService,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
  ) {}

  /** In the transaction that takes the request in. Of other kinds nothing. */
  async record(em: EntityManager, row: RightsRequest): Promise<void> {
    const { tenantId, customerId, requestId, kind, scopes, receivedAt } = row;
    if (kind !== 'objection' && kind !== 'limit') return;
    await em.insert(Objection, {
      objectionId: randomUUID(),
      tenantId,
      customerId,
      requestId,
      kind,
      scopes,
      at: receivedAt,
      takesBack: null,
    });
  }

  /** After it is committed; again after a crash, to the same end. */
  async carryOut(by: Principal, row: RightsRequest): Promise<void> {
    const { kind, customerId, scopes, receivedAt } = row;
    await this.tell(row);
    const purposes = scopes.flatMap((scope) => purposesOf[scope]);
    const at = receivedAt.toISOString();
    // Also of who never consented: a call may be held against a watchlist on another ground.
    if (kind === 'objection' || kind === 'limit')
      await this.consents.forgetVoice(row, { purposes, because: 'objected', at });
    if (kind === 'objection')
      for (const purpose of purposes)
        await this.consents.withdrawPurpose(by, customerId, purpose).catch(unlessNeverGiven);
    if (scopes.includes('profiling')) await this.refreshFlags(by.tenantId, customerId);
  }

  /** What was taken back holds no more: live calls ask what does. It gives no consent that was not there. */
  async lift(tenantId: TenantId, { customerId, scopes }: Objection): Promise<void> {
    await this.bus.publish({ kind: 'customer-changed', tenantId, customerId, change: 'consent-granted' });
    if (scopes.includes('profiling')) await this.refreshFlags(tenantId, customerId);
  }

  /** Live calls pause at once and ask what holds. */
  async tell({ tenantId, customerId }: RightsRequest): Promise<void> {
    await this.bus.publish({ kind: 'customer-changed', tenantId, customerId, change: 'consent-withdrawn' });
  }

  /** What agents are shown of a flag depends on it. */
  private async refreshFlags(
    tenantId: TenantId,
    claimedCustomerId: RightsRequest['customerId'],
  ): Promise<void> {
    const live = await this.database.forTenant(tenantId, (em) =>
      em.find(Call, {
        select: { callId: true },
        where: { tenantId, claimedCustomerId, closedAt: IsNull() },
      }),
    );
    for (const { callId } of live) await this.bus.publish({ kind: 'flag-changed', tenantId, callId });
  }
}

/** Who never consented has nothing to withdraw; the objection stands all the same. */
function unlessNeverGiven(error: unknown): void {
  if (error instanceof ProblemError && error.slug === 'consent-not-found') return;
  throw error;
}
