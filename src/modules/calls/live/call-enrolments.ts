import { Inject, Injectable } from '@nestjs/common';
import type { LiveEnrolment } from '../../../core/calls/live-enrolment.js';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { VoiceprintsService } from '../../people/voiceprints/voiceprints.service.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import type { EnrolmentTicket } from '../../people/voiceprints/enrolment-outcome.js';
import type { CallSession } from './call-session.js';

/** Enrolment from a live call: the customer's own words, under consent that is checked before, during and after. */
@Injectable()
export class CallEnrolments {
  /** How consent stood when each enrolment began: storing asks whether it stands so still. */
  private readonly tickets = new WeakMap<LiveEnrolment, EnrolmentTicket>();

  constructor(
    private readonly voiceprints: VoiceprintsService,
    private readonly policies: PoliciesService,
    private readonly writer: CallEventWriter,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(session: CallSession): Promise<{ netSpeechMs: number; neededMs: number }> {
    const { tenantId } = session.description;
    const customerId = session.claimedCustomerId;
    if (customerId === null) {
      throw new ProblemError(409, 'not-claimed', 'No customer is named for this call', {
        detail: 'Name the customer with POST /v1/calls/{id}/claim first.',
      });
    }
    if (session.channels === 'mixed') {
      throw new ProblemError(409, 'mixed-channel', 'A mixed channel cannot enrol a voiceprint', {
        detail:
          'The stream carries the agent’s voice in the caller’s channel. Send the caller on a channel of their own.',
      });
    }
    const suspicion = session.result();
    if (suspicion.verification.state === 'rejected' || suspicion.agent.state === 'high-risk') {
      throw new ProblemError(409, 'call-under-suspicion', 'A suspicious call cannot enrol a voiceprint', {
        detail: suspicion.agent.reason,
      });
    }
    const gate = await this.voiceprints.enrolmentGate(tenantId, customerId);
    if (gate.kind === 'closed') {
      throw new ProblemError(409, 'no-consent', 'The customer has not consented to enrolment', {
        detail: `Consent for the purpose enrolment: ${gate.reason} (${gate.decidedBy.article}).`,
        extra: { reason: gate.reason, decidedBy: gate.decidedBy },
      });
    }
    if (session.enrolment) return session.enrolment.progress;
    const context = await this.voiceprints.claimContext(tenantId, customerId);
    const policy = await this.policies.current(tenantId);
    const alreadyMs = context.kind === 'enrolment-incomplete' ? context.netSpeechMs : 0;
    const enrolment = session.startEnrolment(Math.max(0, policy.enrolment.minNetSpeechMs - alreadyMs));
    this.tickets.set(enrolment, gate.ticket);
    return enrolment.progress;
  }

  /** Consent may have changed: an enrolment without it ends, and what it gathered is destroyed. */
  async recheck(session: CallSession): Promise<void> {
    const customerId = session.claimedCustomerId;
    if (!session.enrolment || customerId === null) return;
    const gate = await this.voiceprints.enrolmentGate(session.description.tenantId, customerId);
    if (gate.kind === 'open') return;
    session.endEnrolment();
    this.tell(session, { kind: 'no-consent', reason: gate.reason, decidedBy: gate.decidedBy });
  }

  /** Stores what was gathered, enough or not: the rest may come in another call. */
  async finish(session: CallSession): Promise<void> {
    const customerId = session.claimedCustomerId;
    const { enrolment } = session;
    const stretch = enrolment?.take();
    if (!enrolment || !stretch || customerId === null) return;
    const ticket = this.tickets.get(enrolment);
    const { tenantId } = session.description;
    try {
      const outcome = await this.voiceprints.addStretch(tenantId, customerId, {
        ...stretch,
        source: 'call',
        callId: session.callId,
        ...(ticket && { ticket }),
      });
      session.endEnrolment(outcome.kind === 'enrolled');
      this.tell(session, outcome);
    } catch (error) {
      this.logger.error({ err: error, callId: session.callId }, 'an enrolment from a call was not stored');
      session.endEnrolment();
      this.tell(session, { kind: 'failed' });
    }
  }

  private tell({ description, callId }: CallSession, payload: object): void {
    const at = new Date(this.clock.nowMs());
    this.writer.add({ tenantId: description.tenantId, callId, at, kind: 'enrolment', payload });
  }
}
