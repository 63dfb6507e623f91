import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { ConsentsService } from '../../people/consents/consents.service.js';
import { Objection } from '../../people/consents/objection.entity.js';
import type { RightsRequest } from './request.entity.js';

/**
 * What an objection or a limit changes. The gate reads the objection itself, so that nothing is processed from its commit on;
 * live calls read it in the log. An objection then ends the consents too, and with them what is kept of the voice.
 */
@Injectable()
export class ObjectionEffects {
  constructor(private readonly consents: ConsentsService) {}

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
    const purposes = scopes.flatMap((scope) => purposesOf[scope]);
    const at = receivedAt.toISOString();
    // Also of who never consented: a call may be held against a watchlist on another ground.
    if (kind === 'objection' || kind === 'limit')
      await this.consents.forgetVoice(row, { purposes, because: 'objected', at });
    if (kind === 'objection')
      for (const purpose of purposes)
        await this.consents.withdrawPurpose(by, customerId, purpose).catch(unlessNeverGiven);
  }
}

/** Who never consented has nothing to withdraw; the objection stands all the same. */
function unlessNeverGiven(error: unknown): void {
  if (error instanceof ProblemError && error.slug === 'consent-not-found') return;
  throw error;
}
