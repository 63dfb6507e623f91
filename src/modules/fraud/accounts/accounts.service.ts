import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../core/auth/principal.js';
import { CALL_RESULTS, type CallResults } from '../../../core/calls/call-results.port.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId } from '../../../core/ids.js';
import type { AccountEventKind } from '../../../core/risk/account-event-kind.js';
import type { VerificationState } from '../../../core/speaker/verification.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CallEventWriter } from '../../calls/call-log/call-event-writer.js';
import type { FlagSummary } from '../flags/flag-summary.js';
import { FlagsService } from '../flags/flags.service.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { AccountEvent } from './account-event.entity.js';

export type RecordedAccountEvent =
  | {
      readonly kind: 'recorded';
      readonly accountEventId: string;
      readonly flag: FlagSummary | undefined;
      readonly verificationState: VerificationState;
    }
  | { readonly kind: 'unknown-call' }
  | { readonly kind: 'too-late'; readonly closedAt: Date; readonly afterCallMs: number };

/** What is done on an account during a call, and what follows from it. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly flags: FlagsService,
    private readonly callEvents: CallEventWriter,
    @Inject(CALL_RESULTS) private readonly calls: CallResults,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Event and flag are stored together or not at all. After the call its last result stands: nobody becomes verified any more. */
  async record(
    { tenantId, tokenId }: Principal,
    callId: CallId,
    { kind, reference }: { readonly kind: AccountEventKind; readonly reference: string | null },
  ): Promise<RecordedAccountEvent> {
    const call = await this.calls.latest(tenantId, callId);
    if (call === undefined) return { kind: 'unknown-call' };
    const policy = await this.policies.current(tenantId);
    const at = new Date(this.clock.nowMs());
    const { afterCallMs } = policy.risk;
    if (call.closedAtMs !== null && at.getTime() > call.closedAtMs + afterCallMs) {
      return { kind: 'too-late', closedAt: new Date(call.closedAtMs), afterCallMs };
    }

    const { claimedCustomerId: customerId, verification } = call.result;
    const accountEventId = randomUUID();
    const event = { accountEventId, kind, at: at.toISOString() };
    const outcome = await this.database.forTenant(tenantId, async (em) => {
      await em.insert(AccountEvent, {
        accountEventId,
        tenantId,
        callId,
        customerId,
        kind,
        reference,
        at,
        recordedBy: tokenId,
      });
      const assessed = { callId, customerId, verification, accountEvents: [event] };
      return this.flags.assessWithin(em, tenantId, assessed, policy);
    });
    const verificationState = verification.state;
    const payload = { accountEventId, kind, customerId, verificationState };
    this.callEvents.add({ tenantId, callId, at, kind: 'account-event', payload });
    this.flags.count(outcome);
    return { kind: 'recorded', accountEventId, flag: outcome.flag, verificationState };
  }
}
