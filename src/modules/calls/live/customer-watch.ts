import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { CallId } from '../../../core/ids.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import {
  asksAgain,
  customerEffect,
  flaggedCall,
  type CustomerEffect,
} from '../../installation/facts/effects.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { CallFlags } from './call-flags.js';
import { CallRegistry } from '../call-log/call-registry.js';
import type { CallSession } from './call-session.js';
import { CallStreams } from './call-streams.js';
import { ClaimChecks } from './claim-checks.js';
import { LiveCalls } from './live-calls.js';
import { PendingWork } from './pending-work.js';

/** Carries what happens to customers, claims, flags and policies, on whichever process, to the calls that live here. */
@Injectable()
export class CustomerWatch implements OnModuleInit, OnModuleDestroy {
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly registry: CallRegistry,
    private readonly calls: LiveCalls,
    private readonly checks: ClaimChecks,
    private readonly streams: CallStreams,
    private readonly flags: CallFlags,
    private readonly policies: PoliciesService,
    private readonly work: PendingWork,
    private readonly feed: FactFeed,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
  ) {}

  onModuleInit(): void {
    this.ends.push(
      this.feed.subscribe('live calls', (facts) => {
        this.read(facts);
      }),
      this.bus.subscribe((message) => {
        if (message.kind !== 'call-wanted') return;
        const { tenantId, callId } = message;
        this.work.run(callId, 'hand a call over', this.streams.handOver(tenantId, callId));
      }),
    );
  }

  onModuleDestroy(): void {
    for (const end of this.ends) end();
  }

  private read(facts: readonly StoredFact[]): void {
    const flagged = new Map<CallId, CallSession>();
    for (const fact of facts) {
      const told = customerEffect(fact);
      if (told) this.onCustomer(told);
      this.onFact(fact);
      const callId = flaggedCall(fact);
      const session = callId && this.registry.find(fact.tenantId, callId);
      if (session) flagged.set(session.callId, session);
    }
    for (const session of flagged.values()) this.run(session, this.flags.refresh(session));
  }

  private onCustomer({ tenantId, customerId, effect }: CustomerEffect): void {
    for (const session of this.registry.ofCustomer(tenantId, customerId)) {
      if (effect === 'erased') {
        this.run(session, this.calls.release(session));
        continue;
      }
      // What may end processing pauses it at once; what may begin it waits for the check.
      if (effect !== 'begins') session.pause();
      this.run(session, this.checks.recheck(session));
    }
  }

  private onFact(fact: StoredFact): void {
    const { tenantId } = fact;
    switch (fact.action) {
      case 'call-claimed': {
        const session = this.registry.find(tenantId, fact.callId);
        if (session) this.run(session, this.calls.claim(session, fact.subject.id));
        return;
      }
      case 'request-received':
      case 'objection-taken-back':
        // What agents are shown of a flag depends on it.
        if (!fact.details.scopes.includes('profiling')) return;
        for (const session of this.registry.ofCustomer(tenantId, fact.details.customerId))
          this.run(session, this.flags.refresh(session));
        return;
      case 'policy-changed':
        for (const session of this.registry.ofTenant(tenantId)) this.run(session, this.usePolicy(session));
        return;
      case 'notice-added':
        if (!asksAgain(fact)) return;
        for (const session of this.registry.ofTenant(tenantId)) {
          session.pause();
          this.run(session, this.checks.recheck(session));
        }
        return;
      default:
        return;
    }
  }

  private async usePolicy(session: CallSession): Promise<void> {
    session.usePolicy(await this.policies.current(session.description.tenantId));
    // Other laws may be switched on now.
    await this.checks.recheck(session);
  }

  private run(session: CallSession, work: Promise<void>): void {
    this.work.run(session.callId, 'carry a change to a live call', work);
  }
}
