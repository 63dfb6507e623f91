import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, TokenId } from '../../../core/ids.js';
import {
  receiptBytes,
  type ErasureReason,
  type ErasureReceipt,
  type SignedReceipt,
} from '../../../core/privacy/erasure-receipt.js';
import type { Policy } from '../../../core/policy/policy.js';
import { packsFor, rulingOf } from '../../../core/privacy/packs/registry.js';
import { CLOCK } from '../../../platform/clock.js';
import { KEY_SHARES, type KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { eachTenant } from '../../../platform/tenant-rounds.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { unknownCustomer } from '../../people/customers/customer-lock.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { holdOf, type HoldInForce } from '../../people/legal-holds/held.js';
import { destroyKeys, eraseRows } from './erase-rows.js';
import { Erasure } from './erasure.entity.js';
import { ReceiptKeys } from './receipt-keys.js';

export interface WantedErasure {
  /** Null: Timbre itself. */
  readonly by: TokenId | null;
  readonly reason: ErasureReason;
  /** The rights request that this answers. */
  readonly requestId?: string | undefined;
  /** Rules of legal packs under which it is owed; left out, those of the packs that protect the person. */
  readonly rules?: ErasureReceipt['rules'] | undefined;
}

/**
 * Erases a person: the keys, then the rows, then what every process holds, then a signed receipt. Keys and rows go in one
 * transaction under the customer's lock, so an enrolment, a withdrawal or another erasure comes wholly before or after it.
 */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly receiptKeys: ReceiptKeys,
    @Inject(STORED_TABLES) private readonly tables: readonly StoredTable[],
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
    @Inject(KEY_SHARES) private readonly shares: KeyShares,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Asked again it answers the first erasure's receipt. Throws customer-not-found for who was never a customer. */
  async erase(tenantId: TenantId, customerId: CustomerId, wanted: WantedErasure): Promise<SignedReceipt> {
    const requestedAt = new Date(this.clock.nowMs());
    const policy = await this.policies.current(tenantId);
    const erasure = await this.database.forTenant(tenantId, async (em) => {
      // FOR UPDATE: nothing new may come to refer to this row either.
      const customer = await em.findOne(Customer, {
        where: { customerId },
        lock: { mode: 'pessimistic_write' },
      });
      if (customer === null) return (await em.findOneBy(Erasure, { customerId })) ?? unknownCustomer();
      const at = new Date(this.clock.nowMs());
      refuseHeld(await holdOf(em, customerId, at.getTime()));
      const keys = await destroyKeys(em, { tenantId, customerId }, this.shares, at);
      const counts = await eraseRows(em, this.tables, customerId);
      const erased = em.create(Erasure, {
        erasureId: randomUUID(),
        tenantId,
        customerId,
        reason: wanted.reason,
        rules: wanted.rules ?? rightsOf(customer, policy),
        requestId: wanted.requestId ?? null,
        requestedBy: wanted.by,
        requestedAt,
        keys,
        erasedAt: at,
        counts,
        receipt: null,
        signature: null,
        signingKeyId: null,
      });
      await em.insert(Erasure, erased);
      await recordFact(em, tenantId, at, {
        action: 'customer-erased',
        by: wanted.by,
        subject: { kind: 'customer', id: customerId },
        details: { erasureId: erased.erasureId, reason: wanted.reason, keys: keys.length, ...counts },
      });
      return erased;
    });
    return this.finish(erasure);
  }

  /** Of a process that was killed between the rows and the receipt: what is missing is done now. */
  async finishAll(): Promise<number> {
    let finished = 0;
    const failures: unknown[] = [];
    const finishOf = async (tenantId: TenantId): Promise<void> => {
      const unfinished = await this.database.forTenant(tenantId, (em) =>
        em.findBy(Erasure, { tenantId, receipt: IsNull() }),
      );
      for (const erasure of unfinished) await this.finish(erasure);
      finished += unfinished.length;
    };
    await eachTenant(this.database, finishOf, (error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'some erasures could not be finished');
    return finished;
  }

  /** Newest first. */
  async receipts(tenantId: TenantId, customerId: CustomerId | undefined): Promise<SignedReceipt[]> {
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.find(Erasure, {
        where: { tenantId, ...(customerId && { customerId }) },
        order: { erasedAt: 'DESC' },
        take: 1000,
      }),
    );
    return rows.flatMap((row) => signedOf(row) ?? []);
  }

  private async finish(erasure: Erasure): Promise<SignedReceipt> {
    const { tenantId } = erasure;
    const signed = signedOf(erasure);
    if (signed !== undefined) return signed;
    const receipt = receiptOf(erasure, this.vault.receiptKey.keyId);
    const signature = this.vault.receiptKey.sign(receiptBytes(receipt));
    return this.database.forTenant(tenantId, async (em) => {
      await this.receiptKeys.publish(em, tenantId, new Date(this.clock.nowMs()));
      // Two that finish at once: one receipt stands.
      await em.update(
        Erasure,
        { erasureId: erasure.erasureId, receipt: IsNull() },
        { receipt, signature, signingKeyId: receipt.signingKeyId },
      );
      const kept = signedOf(await em.findOneByOrFail(Erasure, { erasureId: erasure.erasureId }));
      if (kept === undefined) throw new Error('a receipt just signed is not there');
      return kept;
    });
  }
}

/** Of the laws that protect this person, the rules that give the right to be erased. */
function rightsOf({ residence }: Customer, { privacy }: Policy): ErasureReceipt['rules'] {
  return packsFor(residence, privacy.packs, privacy.everywhere).flatMap((pack) => {
    const rule = pack.rules.erasure;
    if (rule === null) return [];
    const { packId, article } = rulingOf(pack, 'erasure', rule.article);
    return [{ packId, rule: 'erasure', article }];
  });
}

function receiptOf(erasure: Erasure, signingKeyId: string): ErasureReceipt {
  const { erasureId, tenantId, customerId, reason, rules, requestId, requestedBy, counts } = erasure;
  return {
    v: 1,
    kind: 'timbre-erasure-receipt',
    erasureId,
    tenantId,
    customerId,
    reason,
    rules,
    requestId,
    requestedBy,
    requestedAt: erasure.requestedAt.toISOString(),
    keys: erasure.keys.map(({ keyId, destroyedAt }) => ({ keyId, destroyedAt })),
    erasedAt: erasure.erasedAt.toISOString(),
    counts: { ...counts },
    signingKeyId,
  };
}

function signedOf({ receipt, signature }: Erasure): SignedReceipt | undefined {
  if (receipt === null || signature === null) return undefined;
  return { receipt, signature: signature.toString('base64url') };
}

/** What is needed for a legal claim is not erased before the claim is over. */
function refuseHeld(hold: HoldInForce | undefined): void {
  if (hold === undefined) return;
  throw new ProblemError(409, 'legal-hold', 'A legal hold stops this erasure', {
    detail: `GDPR Art. 17(3)(e): in force until ${hold.endsAt.toISOString()} unless it is released. Nothing was erased; consent can be withdrawn all the same, and the voiceprint is then destroyed.`,
    extra: { holdId: hold.holdId, endsAt: hold.endsAt.toISOString() },
  });
}
