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
import { CallRegistry } from './call-registry.js';
import { CallStreams } from './call-streams.js';
import type { LiveCall } from './live-call.js';
import { PendingWork } from './pending-work.js';

/** Carries what happens to customers, claims, flags and policies, on whichever process, to the calls that live here. */
@Injectable()
export class CustomerWatch implements OnModuleInit, OnModuleDestroy {
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly registry: CallRegistry,
    private readonly streams: CallStreams,
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
        this.work.run(callId, 'transfer a call', this.streams.transfer(tenantId, callId));
      }),
    );
  }

  onModuleDestroy(): void {
    for (const end of this.ends) end();
  }

  private read(facts: readonly StoredFact[]): void {
    const flagged = new Map<CallId, LiveCall>();
    for (const fact of facts) {
      const told = customerEffect(fact);
      if (told) this.onCustomer(told);
      this.onFact(fact);
      const callId = flaggedCall(fact);
      const call = callId && this.registry.find(fact.tenantId, callId);
      if (call) flagged.set(call.callId, call);
    }
    for (const call of flagged.values()) this.run(call, call.flags.refresh());
  }

  private onCustomer({ tenantId, customerId, effect }: CustomerEffect): void {
    for (const call of this.registry.ofCustomer(tenantId, customerId)) {
      if (effect === 'erased') {
        this.run(call, call.release());
        continue;
      }
      // What may end processing pauses it at once; what may begin it waits for the check.
      if (effect !== 'begins') call.check.doubt();
      this.run(call, call.check.recheck());
    }
  }

  private onFact(fact: StoredFact): void {
    const { tenantId } = fact;
    switch (fact.action) {
      case 'call-claimed': {
        const call = this.registry.findResumed(tenantId, fact.callId);
        if (call) this.run(call, call.claim(fact.subject.id));
        return;
      }
      case 'request-received':
      case 'objection-taken-back':
        // What agents are shown of a flag depends on it.
        if (!fact.details.scopes.includes('profiling')) return;
        for (const call of this.registry.ofCustomer(tenantId, fact.details.customerId))
          this.run(call, call.flags.refresh());
        return;
      case 'policy-changed':
        for (const call of this.registry.ofTenant(tenantId)) this.run(call, call.usePolicy());
        return;
      case 'notice-added':
        if (!asksAgain(fact)) return;
        for (const call of this.registry.ofTenant(tenantId)) {
          call.check.doubt();
          this.run(call, call.check.recheck());
        }
        return;
      default:
        return;
    }
  }

  private run(call: LiveCall, work: Promise<void>): void {
    call.run('carry a change to a live call', work);
  }
}
