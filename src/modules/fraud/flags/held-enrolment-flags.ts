import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CallId } from '../../../core/ids.js';
import { Call } from '../../calls/call-log/call.entity.js';
import type { StoredFact } from '../../installation/facts/fact.js';
import type { StoredReader } from '../../installation/facts/stored-reader.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { FlagsService } from './flags.service.js';

type Held = Extract<StoredFact, { action: 'enrolment-held' }>;

/** Raises a flag on the customer's call when another voice is offered in their name: in its course, or within its after-call work. */
@Injectable()
export class HeldEnrolmentFlags implements StoredReader<'enrolment-held'>, OnModuleInit {
  readonly name = 'flags of held enrolments';
  readonly actions = ['enrolment-held'] as const;

  constructor(
    private readonly readers: StoredReaders,
    private readonly flags: FlagsService,
    private readonly policies: PoliciesService,
  ) {}

  onModuleInit(): void {
    this.readers.add(this);
  }

  async read(em: EntityManager, facts: readonly Held[]): Promise<void> {
    // Of a voice that was compared and found another's; what was held for other reasons says nothing against anybody.
    for (const fact of facts) if (fact.details.because === 'unlike-voiceprint') await this.flag(em, fact);
  }

  private async flag(em: EntityManager, { tenantId, subject, at, details }: Held): Promise<void> {
    const policy = await this.policies.current(tenantId);
    const since = new Date(at.getTime() - policy.risk.afterCallMs);
    const [found] = await em.query<{ call_id: CallId }[]>(
      `SELECT call_id FROM calls WHERE tenant_id = $1 AND claimed_customer_id = $2 AND opened_at <= $3
         AND (closed_at IS NULL OR closed_at > $4) ORDER BY opened_at DESC LIMIT 1`,
      [tenantId, subject.id, at, since],
    );
    if (found === undefined) return;
    const { callId, claimedCustomerId, result } = await em.findOneByOrFail(Call, { callId: found.call_id });
    const replacementHeld = { heldId: details.heldId, at: at.toISOString() };
    await this.flags.assessWithin(
      em,
      tenantId,
      {
        callId,
        customerId: claimedCustomerId,
        verification: result.verification,
        accountEvents: [],
        signals: { replacementHeld },
      },
      policy,
    );
  }
}
