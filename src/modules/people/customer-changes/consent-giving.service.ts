import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { ConsentId, CustomerId } from '../../../core/ids.js';
import { judgeAge, judgeMethod } from '../../../core/privacy/packs/basis.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import type { NewConsent } from '../consents/consent-body.js';
import { appendConsent, readLedgerRows, toEntries } from '../consents/consent-ledger.js';
import { refuseChild, refuseMethod, timesOf } from '../consents/consent-problems.js';
import { keepProof, type Signature } from '../consents/consent-proof.js';
import { toConsentViews, type ConsentView } from '../consents/consent-view.js';
import { namedNotice } from '../consents/named-notice.js';
import { readAskingNotices } from '../consents/notice-store.js';
import { lockCustomer } from '../customers/customer-lock.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { redateVoiceprints } from '../voiceprints/redate.js';

@Injectable()
export class ConsentGiving {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async give(
    by: Principal,
    customerId: CustomerId,
    consent: NewConsent,
    signature?: Signature,
  ): Promise<ConsentView> {
    const { tenantId } = by;
    const policy = await this.policies.current(tenantId);
    const consentId = randomUUID() as string as ConsentId;
    const view = await this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      const { givenAt, validUntil } = timesOf(consent, nowMs);
      const { purposes, noticeVersion, noticeLanguage, method, proofReference } = consent;
      const laws = subjectOfCustomer(customer, policy).packs;
      refuseMethod(judgeMethod(laws, method), method);
      if (consent.ageYears !== undefined && consent.guardian !== true)
        refuseChild(judgeAge(laws, consent.ageYears));
      const recordedAt = new Date(nowMs);
      const { text: noticeText } = await namedNotice(em, by, consent, recordedAt);
      const proofSha256 =
        proofReference === undefined
          ? null
          : await keepProof(em, tenantId, consentId, proofReference, signature);
      await appendConsent(em, {
        consentId,
        tenantId,
        customerId,
        kind: 'granted',
        purposes,
        noticeVersion,
        noticeLanguage,
        noticeText,
        method,
        givenAt,
        validUntil,
        proofSha256,
        recordedAt,
        recordedBy: by.tokenId,
      });
      const rows = await readLedgerRows(em, customerId);
      const entries = toEntries(rows, await readAskingNotices(em));
      // A renewed consent may let a voiceprint live longer.
      await redateVoiceprints(em, customer, policy, nowMs, entries);
      await recordFact(em, tenantId, recordedAt, {
        action: 'consent-granted',
        by: by.tokenId,
        subject: { kind: 'customer', id: customerId },
        details: {
          consentId,
          purposes,
          noticeVersion,
          noticeLanguage,
          method,
          ...(signature && { signerId: signature.signerId }),
          ...(consent.guardian && { guardian: true }),
        },
      });
      return toConsentViews(rows, entries, nowMs).find((made) => made.consentId === consentId);
    });
    if (view === undefined) throw new Error('a consent just recorded is not in the ledger');
    return view;
  }
}
