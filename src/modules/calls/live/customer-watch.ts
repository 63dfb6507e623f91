import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EVENT_BUS, type BusMessage, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { CallFlags } from './call-flags.js';
import { CallRegistry } from '../call-log/call-registry.js';
import type { CallSession } from './call-session.js';
import { CallStreams } from './call-streams.js';
import { ClaimChecks } from './claim-checks.js';
import { LiveCalls } from './live-calls.js';
import { PendingWork } from './pending-work.js';

/** Carries what any process says about customers, claims, flags and policies to the calls that live here. */
@Injectable()
export class CustomerWatch implements OnModuleInit, OnModuleDestroy {
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly registry: CallRegistry,
    private readonly calls: LiveCalls,
    private readonly checks: ClaimChecks,
    private readonly streams: CallStreams,
    private readonly flags: CallFlags,
    private readonly policies: PoliciesService,
    private readonly work: PendingWork,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe((message) => {
      this.onMessage(message);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  private onMessage(message: BusMessage): void {
    switch (message.kind) {
      case 'customer-changed':
        for (const session of this.registry.ofCustomer(message.tenantId, message.customerId)) {
          if (message.change === 'customer-erased') {
            this.run(session, this.calls.release(session));
            continue;
          }
          // What may end processing pauses it at once; what may begin it waits for the check.
          if (message.change !== 'consent-granted' && message.change !== 'voiceprint-enrolled')
            session.pause();
          this.run(session, this.checks.recheck(session));
        }
        return;
      case 'call-claimed': {
        const session = this.registry.find(message.tenantId, message.callId);
        if (session) this.run(session, this.calls.claim(session, message.customerId));
        return;
      }
      case 'call-wanted': {
        const handedOver = this.streams.handOver(message.tenantId, message.callId);
        this.work.run(message.callId, 'hand a call over', handedOver);
        return;
      }
      case 'flag-changed': {
        const session = this.registry.find(message.tenantId, message.callId);
        if (session) this.run(session, this.flags.refresh(session));
        return;
      }
      case 'policy-changed':
        for (const session of this.registry.ofTenant(message.tenantId)) {
          this.run(
            session,
            this.policies.current(message.tenantId).then((policy) => {
              session.usePolicy(policy);
              // Other laws may be switched on now.
              return this.checks.recheck(session);
            }),
          );
        }
        return;
      case 'consent-asked-again':
        for (const session of this.registry.ofTenant(message.tenantId)) {
          session.pause();
          this.run(session, this.checks.recheck(session));
        }
        return;
      case 'cut-off':
        this.checks.cutOff();
        return;
      case 'resync':
        this.checks.connected();
        // Messages may have been missed, a withdrawal among them.
        for (const session of this.registry.all()) {
          session.pause();
          this.run(
            session,
            this.checks.recheck(session).then(() => this.flags.refresh(session)),
          );
        }
        return;
      case 'call-events':
      case 'credentials-changed':
      case 'tenant-keys-changed': // what calls hold is in clear
      case 'master-key-changed':
      case 'watchlist-changed': // CallScreening hears of it when this process holds the change
      case 'token-revoked':
        return;
    }
  }

  private run(session: CallSession, work: Promise<void>): void {
    this.work.run(session.callId, 'carry a change to a live call', work);
  }
}
