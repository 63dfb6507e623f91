import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../core/clock.js';
import type { ConsentId, CustomerId } from '../../core/ids.js';
import type { Principal } from '../../core/auth/principal.js';
import { standingPurposes, type Purpose } from '../../core/privacy/consent.js';
import { CLOCK } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../platform/event-bus/event-bus.port.js';
import { ProblemError } from '../../platform/http/problem.js';
import { lockCustomer, unknownCustomer } from '../customers/customer-lock.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../policies/policies.service.js';
import { destroyBiometrics, type Destroyed } from '../voiceprints/destruction.js';
import { redateVoiceprints } from '../voiceprints/redate.js';
import type { NewConsent } from './consent-body.js';
import { ConsentEntryRow } from './consent-entry.entity.js';
import { readLedgerRows, toEntry } from './consent-ledger.js';
import { toConsentView, type ConsentView } from './consent-view.js';

export interface Withdrawal {
  readonly consentId: ConsentId;
  readonly withdrawnAt: string;
  readonly alreadyWithdrawn: boolean;
  readonly destroyed: Destroyed;
}

/** Without one of these nothing of the voice may be kept. */
const keepsVoice: ReadonlySet<Purpose> = new Set<Purpose>(['verification', 'enrolment']);
const nothing: Destroyed = { voiceprints: 0, stretches: 0, keys: 0 };

@Injectable()
export class ConsentsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async give(by: Principal, customerId: CustomerId, consent: NewConsent): Promise<ConsentView> {
    const { tenantId } = by;
    const policy = await this.policies.current(tenantId);
    const consentId = randomUUID() as string as ConsentId;
    const view = await this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      const { givenAt, validUntil } = timesOf(consent, nowMs);
      const { purposes, noticeVersion, noticeLanguage, noticeText, method } = consent;
      await em.insert(ConsentEntryRow, {
        ...{ consentId, tenantId, customerId, kind: 'granted' },
        ...{ purposes, noticeVersion, noticeLanguage, noticeText, method, givenAt, validUntil },
        ...{ recordedAt: new Date(nowMs), recordedBy: by.tokenId },
      });
      const rows = await readLedgerRows(em, customerId);
      // A renewed consent may let a voiceprint live longer.
      await redateVoiceprints(em, customer, policy, nowMs, rows.map(toEntry));
      return rows
        .filter((row) => row.consentId === consentId)
        .map((row) => toConsentView(row, rows, nowMs))[0];
    });
    if (view === undefined) throw new Error('a consent just recorded is not in the ledger');
    await this.bus.publish({ kind: 'customer-changed', tenantId, customerId, change: 'consent-granted' });
    return view;
  }

  async list({ tenantId }: Principal, customerId: CustomerId): Promise<ConsentView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const rows = await readLedgerRows(em, customerId);
      return rows
        .filter((row) => row.kind === 'granted')
        .map((row) => toConsentView(row, rows, this.clock.nowMs()));
    });
  }

  /**
   * Records the withdrawal and, in the same transaction, destroys what may no longer be kept. Asked again it records nothing,
   * but tells every process again: whoever missed the first telling hears it now.
   */
  async withdraw(by: Principal, customerId: CustomerId, consentId: ConsentId): Promise<Withdrawal> {
    const { tenantId } = by;
    const withdrawal = await this.database.forTenant(tenantId, async (em): Promise<Withdrawal> => {
      await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      const rows = await readLedgerRows(em, customerId);
      const standing = standingPurposes(consentId, rows.map(toEntry));
      const granted = rows.find((row) => row.kind === 'granted' && row.consentId === consentId);
      if (standing === undefined || granted === undefined) return neverGiven();
      if (standing.length === 0) {
        const { withdrawnAt } = toConsentView(granted, rows, nowMs);
        return { consentId, withdrawnAt: withdrawnAt ?? '', alreadyWithdrawn: true, destroyed: nothing };
      }
      const at = new Date(nowMs);
      const { noticeVersion, noticeLanguage, noticeText } = granted;
      await em.insert(ConsentEntryRow, {
        ...{ consentId, tenantId, customerId, kind: 'withdrawn', purposes: [...standing] },
        ...{ noticeVersion, noticeLanguage, noticeText, method: 'withdrawal', givenAt: at, validUntil: null },
        ...{ recordedAt: at, recordedBy: by.tokenId },
      });
      const destroyed = standing.some((purpose) => keepsVoice.has(purpose))
        ? await destroyBiometrics(em, customerId, 'consent-withdrawn', nowMs)
        : nothing;
      return { consentId, withdrawnAt: at.toISOString(), alreadyWithdrawn: false, destroyed };
    });
    await this.bus.publish({ kind: 'customer-changed', tenantId, customerId, change: 'consent-withdrawn' });
    return withdrawal;
  }
}

function neverGiven(): never {
  throw new ProblemError(404, 'consent-not-found', 'This consent was never given', {
    detail: 'Nothing was withdrawn and nothing recorded: the customer has no consent with this id.',
  });
}

function timesOf(consent: NewConsent, nowMs: number): { givenAt: Date; validUntil: Date | null } {
  const givenAt = new Date(consent.givenAt ?? nowMs);
  const validUntil = consent.validUntil === undefined ? null : new Date(consent.validUntil);
  const errors = [
    ...(givenAt.getTime() > nowMs
      ? [{ field: 'givenAt', expected: 'a time that is not in the future' }]
      : []),
    ...(validUntil !== null && validUntil.getTime() <= nowMs
      ? [{ field: 'validUntil', expected: 'a time in the future' }]
      : []),
  ];
  if (errors.length > 0) throw new ProblemError(400, 'bad-input', 'The input is not valid', { errors });
  return { givenAt, validUntil };
}
