import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import { consentFor, purposes, type ConsentState, type Purpose } from '../../../core/privacy/consent.js';
import { takenBy } from '../../../core/privacy/gate.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import type { SignedReceipt } from '../../../core/privacy/erasure-receipt.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { ConsentNoticesService } from '../../people/consents/consent-notices.service.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import type { ConsentView } from '../../people/consents/consent-view.js';
import { ConsentsService } from '../../people/consents/consents.service.js';
import { ConsentGiving } from '../../people/customer-changes/consent-giving.service.js';
import { unknownCustomer } from '../../people/customers/customer-lock.js';
import { subjectOfCustomer } from '../../people/customers/customer-subject.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { Tenant } from '../../installation/tenants/tenant.entity.js';
import { VoiceprintsService } from '../../people/voiceprints/voiceprints.service.js';
import { Withdrawals, type Withdrawal } from '../../people/withdrawals/withdrawals.service.js';
import { toMyNotices, toMyPurposes, toMyVoiceprint, type MyState } from './my-state.js';
import type { Visit } from './self-service-session.entity.js';

export interface GivenOnPage {
  readonly purposes: Purpose[];
  readonly noticeVersion: string;
  readonly noticeLanguage: string;
}

/** What people see and decide on their own page. Everything is of the visit's one customer, and leaves its trace in the audit log. */
@Injectable()
export class MyDataService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly notices: ConsentNoticesService,
    private readonly consents: ConsentsService,
    private readonly withdrawals: Withdrawals,
    private readonly giving: ConsentGiving,
    private readonly voiceprints: VoiceprintsService,
    private readonly erasures: ErasureService,
    private readonly audit: AuditWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async state(session: Visit): Promise<MyState> {
    const { tenantId, customerId, scopes, language, endsAt } = session;
    const nowMs = this.clock.nowMs();
    const policy = await this.policies.current(tenantId);
    const { bank, accountRef, states } = await this.database.forTenant(tenantId, async (em) => {
      const customer = (await em.findOneBy(Customer, { customerId })) ?? unknownCustomer();
      // What the law of their home does not take as consent is none here either.
      const ledger = takenBy(await readLedger(em, customerId), subjectOfCustomer(customer, policy));
      const of = purposes.map((purpose) => [purpose, consentFor(purpose, ledger, nowMs)] as const);
      return {
        bank: (await em.findOneByOrFail(Tenant, { tenantId })).name,
        accountRef: customer.accountRef,
        states: Object.fromEntries(of) as Record<Purpose, ConsentState>,
      };
    });
    const voice = await this.voiceprints.current(tenantId, customerId);
    const notices = await this.notices.list(tenantId);
    const consents = await this.consents.list(onBehalf(session), customerId);
    const offers = toMyPurposes(states, consents, notices, nowMs);
    this.used(session, 'view');
    return {
      bank,
      accountRef,
      scopes,
      language,
      endsAt: endsAt.toISOString(),
      retentionPolicy: `/retention-policy/${tenantId}`,
      voiceprint: toMyVoiceprint(voice, nowMs),
      pending: voice.pending
        ? { netSpeechMs: voice.pending.netSpeechMs, keptUntil: voice.pending.expiresAt }
        : null,
      held: voice.held.map(({ createdAt: madeAt, expiresAt: keptUntil, source }) => ({
        madeAt,
        keptUntil,
        source,
      })),
      neededMs: policy.enrolment.minNetSpeechMs,
      purposes: offers,
      notices: toMyNotices(offers, notices),
    };
  }

  /** The link that led here stands beside the consent as its proof: who let the person in, and when, is in the audit log. */
  giveConsent(session: Visit, given: GivenOnPage): Promise<ConsentView> {
    const proofReference = `self-service-link ${session.linkId}`;
    const consent = { ...given, method: 'web-form' as const, proofReference };
    return this.giving.give(onBehalf(session), session.customerId, consent);
  }

  withdraw(session: Visit, purpose: Purpose): Promise<Withdrawal> {
    return this.withdrawals.withdrawPurpose(onBehalf(session), session.customerId, purpose);
  }

  /** All of it, and with it this visit: the receipt is all that the person has afterwards. */
  erase({ tenantId, customerId, issuedBy }: Visit): Promise<SignedReceipt> {
    const wanted = { by: issuedBy, reason: 'request-of-the-person' as const };
    return this.erasures.erase(tenantId, customerId, wanted);
  }

  async forgetPending(visit: Visit): Promise<void> {
    if (await this.voiceprints.forgetPending(visit.tenantId, visit.customerId))
      this.used(visit, 'forget-pending');
  }

  /** What is changed has entries of its own; this is for what is seen and taken. */
  used(session: Visit, what: 'view' | 'enrolment' | 'forget-pending' | 'data'): void {
    const { tenantId, customerId, issuedBy, linkId } = session;
    const subject = { kind: 'customer', id: customerId } as const;
    this.audit.add(tenantId, {
      action: 'self-service-used',
      by: issuedBy,
      subject,
      details: { linkId, what },
    });
  }
}

/** The person has no token: what they do is recorded under that of the site which vouches for who they are. */
export function onBehalf({ tenantId, issuedBy }: Visit): Principal {
  return { tenantId, tokenId: issuedBy, role: 'customer-service' };
}
