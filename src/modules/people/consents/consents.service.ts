import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { ConsentId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Principal } from '../../../core/auth/principal.js';
import {
  endingOf,
  standingPurposes,
  type ConsentEntry,
  type Purpose,
} from '../../../core/privacy/consent.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { forgetVoiceOfCustomer, type SaidNo } from '../../calls/call-log/forget-voice.js';
import { destroyedDetails, recordFact } from '../../installation/facts/record-fact.js';
import { lockCustomer, unknownCustomer } from '../customers/customer-lock.js';
import { Customer } from '../customers/customer.entity.js';
import { destroyBiometrics, type Destroyed } from '../voiceprints/destruction.js';
import type { ConsentEntryRow } from './consent-entry.entity.js';
import { appendConsent, readLedgerRows, toEntries } from './consent-ledger.js';
import { neverGiven } from './consent-problems.js';
import { toConsentView, toConsentViews, type ConsentView } from './consent-view.js';
import { readAskingNotices } from './notice-store.js';

export interface Withdrawal {
  readonly consentId: ConsentId;
  readonly withdrawnAt: string;
  readonly alreadyWithdrawn: boolean;
  readonly destroyed: Destroyed;
}

/** A withdrawal, and the purposes that it leaves without consent. */
interface Ended {
  readonly withdrawal: Withdrawal;
  readonly purposes: readonly Purpose[];
}

/** Without one of these nothing of the voice may be kept. */
const keepsVoice: ReadonlySet<Purpose> = new Set<Purpose>(['verification', 'enrolment']);
const nothing: Destroyed = { voiceprints: 0, stretches: 0, keys: 0 };

@Injectable()
export class ConsentsService {
  constructor(
    private readonly database: Database,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ tenantId }: Principal, customerId: CustomerId): Promise<ConsentView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const rows = await readLedgerRows(em, customerId);
      return toConsentViews(rows, toEntries(rows, await readAskingNotices(em)), this.clock.nowMs());
    });
  }

  /**
   * Records the withdrawal and, in the same transaction, destroys what may no longer be kept. Asked again it records nothing,
   * but tells every process again: whoever missed the first telling hears it now.
   */
  async withdraw(by: Principal, customerId: CustomerId, consentId: ConsentId): Promise<Withdrawal> {
    return this.withdrawing(by, customerId, async (em, rows, nowMs) => {
      const entries = toEntries(rows, []);
      const standing = standingPurposes(consentId, entries);
      const granted = rows.find((row) => row.kind === 'granted' && row.consentId === consentId);
      if (standing === undefined || granted === undefined) return neverGiven('a consent with this id');
      if (standing.length > 0) return this.end(em, by, granted, standing, nowMs);
      const { withdrawnAt } = toConsentView(granted, rows, entries, nowMs);
      return alreadyOver(consentId, withdrawnAt ?? '', granted.purposes, entries);
    });
  }

  /** The same for one purpose, whatever consents it rests on; other purposes of theirs stand. */
  async withdrawPurpose(by: Principal, customerId: CustomerId, purpose: Purpose): Promise<Withdrawal> {
    return this.withdrawing(by, customerId, async (em, rows, nowMs) => {
      const entries = toEntries(rows, []);
      const granted = rows.findLast((row) => row.kind === 'granted' && row.purposes.includes(purpose));
      if (granted === undefined) return neverGiven(`consent to ${purpose}`);
      const { consentId } = granted;
      if (standingPurposes(consentId, entries)?.includes(purpose) === true)
        return this.end(em, by, granted, [purpose], nowMs);
      const last = rows.findLast((row) => row.kind === 'withdrawn' && row.purposes.includes(purpose));
      return alreadyOver(consentId, last?.recordedAt.toISOString() ?? '', [purpose], entries);
    });
  }

  private async withdrawing(
    { tenantId }: Principal,
    customerId: CustomerId,
    decide: (em: EntityManager, rows: readonly ConsentEntryRow[], nowMs: number) => Promise<Ended> | never,
  ): Promise<Withdrawal> {
    const { withdrawal, purposes } = await this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      return decide(em, await readLedgerRows(em, customerId), nowMs);
    });
    const at = withdrawal.withdrawnAt;
    await this.forgetVoice({ tenantId, customerId }, { purposes, because: 'consent-withdrawn', at });
    return withdrawal;
  }

  /** What is written of the voice in calls that go on, on whichever process, is destroyed. After it is committed that the person said no. */
  async forgetVoice(whose: { tenantId: TenantId; customerId: CustomerId }, saidNo: SaidNo): Promise<void> {
    if (saidNo.purposes.length === 0) return;
    const { tenantId } = whose;
    const now = new Date(this.clock.nowMs());
    const lastEventId = await this.database.forTenant(tenantId, (em) =>
      forgetVoiceOfCustomer(em, whose, saidNo, now),
    );
    if (lastEventId !== null) await this.bus.publish({ kind: 'call-events', tenantId, lastEventId });
  }

  private async end(
    em: EntityManager,
    by: Principal,
    granted: ConsentEntryRow,
    purposes: readonly Purpose[],
    nowMs: number,
  ): Promise<Ended> {
    const { tenantId, customerId, consentId, noticeVersion, noticeLanguage, noticeText } = granted;
    const at = new Date(nowMs);
    const destroyed = purposes.some((purpose) => keepsVoice.has(purpose))
      ? await destroyBiometrics(em, customerId, 'consent-withdrawn', nowMs)
      : nothing;
    await appendConsent(em, {
      consentId,
      tenantId,
      customerId,
      kind: 'withdrawn',
      purposes: [...purposes],
      noticeVersion,
      noticeLanguage,
      noticeText,
      method: 'withdrawal',
      givenAt: at,
      validUntil: null,
      proofSha256: null,
      recordedAt: at,
      recordedBy: by.tokenId,
    });
    await recordFact(em, tenantId, at, {
      action: 'consent-withdrawn',
      by: by.tokenId,
      subject: { kind: 'customer', id: customerId },
      details: { consentId, purposes, ...destroyedDetails(destroyed) },
    });
    const withdrawal = { consentId, withdrawnAt: at.toISOString(), alreadyWithdrawn: false, destroyed };
    return { withdrawal, purposes };
  }
}

/** Withdrawn before, which may not have reached every call; a purpose agreed to again since is not undone. */
function alreadyOver(
  consentId: ConsentId,
  withdrawnAt: string,
  purposes: readonly Purpose[],
  entries: readonly ConsentEntry[],
): Ended {
  return {
    withdrawal: { consentId, withdrawnAt, alreadyWithdrawn: true, destroyed: nothing },
    purposes: purposes.filter((purpose) => endingOf(purpose, entries) !== undefined),
  };
}
