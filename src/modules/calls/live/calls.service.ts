import { Inject, Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, TenantId, TokenId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CustomersService } from '../../people/customers/customers.service.js';
import { CallEvent } from '../call-log/call-event.entity.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallRegistry } from './call-registry.js';
import { Call } from '../call-log/call.entity.js';
import type { LiveCall } from './live-call.js';

export interface CallSummary {
  readonly callId: CallId;
  readonly externalId: string | null;
  readonly protocol: string;
  readonly direction: Call['direction'];
  readonly attestation: Call['attestation'];
  readonly continuesCallId: CallId | null;
  readonly claimedCustomerId: CustomerId | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly closeReason: string | null;
  readonly result: CallResult;
}

@Injectable()
export class CallsService {
  constructor(
    private readonly database: Database,
    private readonly registry: CallRegistry,
    private readonly writer: CallEventWriter,
    private readonly customers: CustomersService,
    private readonly feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list(
    tenantId: TenantId,
    filter: { readonly live: boolean | undefined; readonly before: Date | undefined; readonly limit: number },
  ): Promise<CallSummary[]> {
    const rows = await this.database.forTenant(tenantId, (em) => {
      const query = em.createQueryBuilder(Call, 'call').where('call.tenant_id = :tenantId', { tenantId });
      if (filter.live !== undefined) query.andWhere(`call.closed_at IS ${filter.live ? '' : 'NOT '}NULL`);
      if (filter.before) query.andWhere({ openedAt: LessThan(filter.before) });
      return query.orderBy('call.openedAt', 'DESC').limit(filter.limit).getMany();
    });
    return rows.map((row) => this.summary(row));
  }

  async get(tenantId: TenantId, callId: CallId): Promise<CallSummary> {
    // A call just opened may still be on its way to its row.
    if (this.registry.find(tenantId, callId)) await this.writer.flushed();
    const find = () => this.database.forTenant(tenantId, (em) => em.findOneBy(Call, { tenantId, callId }));
    let row = await find();
    if (!row) {
      // So may one that was over at once.
      await this.writer.flushed();
      row = await find();
    }
    if (!row) throw unknownCall();
    return this.summary(row);
  }

  async events(tenantId: TenantId, callId: CallId, after: string): Promise<CallEvent[]> {
    await this.get(tenantId, callId);
    return this.database.forTenant(tenantId, (em) =>
      em.find(CallEvent, {
        where: { tenantId, callId, eventId: MoreThan(after) },
        order: { eventId: 'ASC' },
        take: 1000,
      }),
    );
  }

  /** Returns once it is stored. */
  async claim(by: Principal, callId: CallId, customer: string): Promise<CallSummary> {
    const { tenantId } = by;
    const call = await this.get(tenantId, callId);
    if (call.closedAt !== null) throw callClosed();
    const customerId = await this.customers.resolve(tenantId, customer);
    if (customerId === undefined) {
      throw new ProblemError(404, 'unknown-customer', 'No such customer', {
        errors: [{ field: 'customer', expected: 'the id or account reference of one of your customers' }],
      });
    }
    await this.recordClaim(by, callId, customerId);
    // The process that has the call reads it there; if that is this one, the answer says how the call stands then.
    await this.feed.caughtUp().catch(() => undefined);
    await this.registry.find(tenantId, callId)?.check.recheck();
    return { ...(await this.get(tenantId, callId)), claimedCustomerId: customerId };
  }

  private recordClaim(
    { tenantId, tokenId }: Principal,
    callId: CallId,
    customerId: CustomerId,
  ): Promise<void> {
    return this.database.forTenant(tenantId, async (em) => {
      // Held against its closing: a claim that is taken is one of an open call.
      const open = await em.findOne(Call, {
        where: { tenantId, callId },
        lock: { mode: 'pessimistic_read' },
      });
      if (open?.closedAt !== null) throw callClosed();
      await recordFact(em, tenantId, new Date(this.clock.nowMs()), {
        action: 'call-claimed',
        by: tokenId,
        subject: { kind: 'customer', id: customerId },
        callId,
      });
    });
  }

  async startEnrolment(
    tenantId: TenantId,
    callId: CallId,
    by: TokenId,
  ): Promise<{ netSpeechMs: number; neededMs: number }> {
    return (await this.liveCall(tenantId, callId)).enrolment.start(by);
  }

  private async liveCall(tenantId: TenantId, callId: CallId): Promise<LiveCall> {
    const live = this.registry.find(tenantId, callId);
    if (live) return live;
    const call = await this.get(tenantId, callId);
    if (call.closedAt !== null) throw new ProblemError(409, 'call-closed', 'The call is over');
    throw new ProblemError(409, 'call-elsewhere', 'The call lives on another process of this service', {
      detail: 'Send the request through the load balancer’s route that carries the call’s socket.',
    });
  }

  private summary(row: Call): CallSummary {
    const session =
      row.closedAt === null ? this.registry.findCurrent(row.tenantId, row.callId)?.session : undefined;
    return {
      callId: row.callId,
      externalId: row.externalId,
      protocol: row.protocol,
      direction: row.direction,
      attestation: row.attestation,
      continuesCallId: row.continuesCallId,
      claimedCustomerId: session?.claimedCustomerId ?? row.claimedCustomerId,
      openedAt: row.openedAt.toISOString(),
      closedAt: row.closedAt?.toISOString() ?? null,
      closeReason: row.closeReason,
      result: session?.result() ?? row.result,
    };
  }
}

function callClosed(): ProblemError {
  return new ProblemError(409, 'call-closed', 'The call is over');
}

function unknownCall(): ProblemError {
  return new ProblemError(404, 'unknown-call', 'No such call');
}
