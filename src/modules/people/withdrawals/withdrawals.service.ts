import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { ConsentId, CustomerId, TokenId } from '../../../core/ids.js';
import { standingPurposes, type Purpose } from '../../../core/privacy/consent.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import type { ConsentEntryRow } from '../consents/consent-entry.entity.js';
import { readLedgerRows, toEntries } from '../consents/consent-ledger.js';
import { neverGiven } from '../consents/consent-problems.js';
import { toConsentView } from '../consents/consent-view.js';
import { lockCustomer } from '../customers/customer-lock.js';
import type { Destroyed } from '../voiceprints/destruction.js';
import { endPurposes, nothing } from './end-purposes.js';

export interface Withdrawal {
  readonly consentId: ConsentId;
  readonly withdrawnAt: string;
  readonly alreadyWithdrawn: boolean;
  readonly destroyed: Destroyed;
}

/** A person takes back what they agreed to: the consent and what it let be kept of the voice end in one transaction. */
@Injectable()
export class Withdrawals {
  constructor(
    private readonly database: Database,
    private readonly readers: StoredReaders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Asked again it records nothing. */
  async withdraw(by: Principal, customerId: CustomerId, consentId: ConsentId): Promise<Withdrawal> {
    return this.withdrawing(by, customerId, async (em, rows, at) => {
      const entries = toEntries(rows, []);
      const standing = standingPurposes(consentId, entries);
      const granted = rows.find((row) => row.kind === 'granted' && row.consentId === consentId);
      if (standing === undefined || granted === undefined) return neverGiven('a consent with this id');
      if (standing.length > 0)
        return ended(consentId, at, await endPurposes(em, by.tokenId, granted, standing, at));
      return alreadyOver(consentId, toConsentView(granted, rows, entries, at.getTime()).withdrawnAt ?? '');
    });
  }

  /** The same for one purpose, whatever consents it rests on; other purposes of theirs stand. */
  async withdrawPurpose(by: Principal, customerId: CustomerId, purpose: Purpose): Promise<Withdrawal> {
    return this.withdrawing(
      by,
      customerId,
      async (em, rows, at) =>
        (await endPurpose(em, by.tokenId, rows, purpose, at)) ?? neverGiven(`consent to ${purpose}`),
    );
  }

  private async withdrawing(
    { tenantId }: Principal,
    customerId: CustomerId,
    decide: (em: EntityManager, rows: readonly ConsentEntryRow[], at: Date) => Promise<Withdrawal>,
  ): Promise<Withdrawal> {
    const withdrawal = await this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      return decide(em, await readLedgerRows(em, customerId), new Date(this.clock.nowMs()));
    });
    await this.readers.settled(tenantId);
    return withdrawal;
  }
}

/**
 * For objections, in the transaction that takes them in and has the customer's lock. Who never consented has nothing to withdraw, and
 * what was agreed to since the person said so stands.
 */
export async function endPurposesOf(
  em: EntityManager,
  by: TokenId | null,
  customerId: CustomerId,
  purposes: readonly Purpose[],
  { at, saidAt }: { readonly at: Date; readonly saidAt: Date },
): Promise<void> {
  for (const purpose of purposes) {
    const rows = await readLedgerRows(em, customerId);
    const hasAgreedSince = rows.some(
      (row) => row.kind === 'granted' && row.recordedAt > saidAt && row.purposes.includes(purpose),
    );
    if (!hasAgreedSince) await endPurpose(em, by, rows, purpose, at);
  }
}

/** Undefined: it was never consented to. */
async function endPurpose(
  em: EntityManager,
  by: TokenId | null,
  rows: readonly ConsentEntryRow[],
  purpose: Purpose,
  at: Date,
): Promise<Withdrawal | undefined> {
  const granted = rows.findLast((row) => row.kind === 'granted' && row.purposes.includes(purpose));
  if (granted === undefined) return undefined;
  const { consentId } = granted;
  if (standingPurposes(consentId, toEntries(rows, []))?.includes(purpose) === true)
    return ended(consentId, at, await endPurposes(em, by, granted, [purpose], at));
  const last = rows.findLast((row) => row.kind === 'withdrawn' && row.purposes.includes(purpose));
  return alreadyOver(consentId, last?.recordedAt.toISOString() ?? '');
}

const ended = (consentId: ConsentId, at: Date, destroyed: Destroyed): Withdrawal => ({
  consentId,
  withdrawnAt: at.toISOString(),
  alreadyWithdrawn: false,
  destroyed,
});

const alreadyOver = (consentId: ConsentId, withdrawnAt: string): Withdrawal => ({
  consentId,
  withdrawnAt,
  alreadyWithdrawn: true,
  destroyed: nothing,
});
