import type { TokenId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import type { EnrolmentTicket } from '../../people/voiceprints/enrolment-outcome.js';
import type { CallServices } from './call-services.js';
import type { CallSession } from './call-session.js';

/** Enrolment from a live call: the customer's own words, under consent that is checked before, during and after. */
export class CallEnrolment {
  /** How consent stood when the enrolment began: storing asks whether it stands so still. */
  private ticket: EnrolmentTicket | undefined;
  /** Whoever began it. */
  private by: TokenId | undefined;

  constructor(
    private readonly session: CallSession,
    private readonly use: Pick<CallServices, 'voiceprints' | 'policies' | 'writer' | 'clock' | 'logger'>,
  ) {}

  async start(by: TokenId): Promise<{ netSpeechMs: number; neededMs: number }> {
    const { session, use } = this;
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
    const gate = await use.voiceprints.enrolmentGate(tenantId, customerId);
    if (gate.kind === 'closed') {
      throw new ProblemError(409, 'no-consent', 'The customer has not consented to enrolment', {
        detail: `Consent for the purpose enrolment: ${gate.reason} (${gate.decidedBy.article}).`,
        extra: { reason: gate.reason, decidedBy: gate.decidedBy },
      });
    }
    if (session.enrolment) return session.enrolment.progress;
    const context = await use.voiceprints.claimContext(tenantId, customerId);
    const policy = await use.policies.current(tenantId);
    const alreadyMs = context.kind === 'enrolment-incomplete' ? context.netSpeechMs : 0;
    const enrolment = session.startEnrolment(Math.max(0, policy.enrolment.minNetSpeechMs - alreadyMs));
    this.ticket = gate.ticket;
    this.by = by;
    return enrolment.progress;
  }

  /** Consent may have changed: an enrolment without it ends, and what it gathered is destroyed. */
  async recheck(): Promise<void> {
    const { session, use } = this;
    const customerId = session.claimedCustomerId;
    if (!session.enrolment || customerId === null) return;
    const gate = await use.voiceprints.enrolmentGate(session.description.tenantId, customerId);
    if (gate.kind === 'open') return;
    session.endEnrolment();
    this.tell({ kind: 'no-consent', reason: gate.reason, decidedBy: gate.decidedBy });
  }

  /** Stores what was gathered, enough or not: the rest may come in another call. */
  async finish(): Promise<void> {
    const { session, use, ticket, by } = this;
    const customerId = session.claimedCustomerId;
    const { enrolment } = session;
    const stretch = enrolment?.take();
    if (!enrolment || !stretch || customerId === null) return;
    const { tenantId } = session.description;
    try {
      const outcome = await use.voiceprints.addStretch(tenantId, customerId, {
        ...stretch,
        source: 'call',
        callId: session.callId,
        ...(ticket && { ticket }),
        ...(by && { by }),
      });
      session.endEnrolment(outcome.kind === 'enrolled');
      this.tell(outcome);
    } catch (error) {
      use.logger.error({ err: error, callId: session.callId }, 'an enrolment from a call was not stored');
      session.endEnrolment();
      this.tell({ kind: 'failed' });
    }
  }

  private tell(payload: object): void {
    const { description, callId } = this.session;
    const at = new Date(this.use.clock.nowMs());
    this.use.writer.add({ tenantId: description.tenantId, callId, at, kind: 'enrolment', payload });
  }
}
