import { Inject, Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, type EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { RequestId, TenantId, TokenId } from '../../../core/ids.js';
import { packs } from '../../../core/privacy/packs/registry.js';
import { requestClock } from '../../../core/privacy/packs/requests.js';
import type { SignedReceipt } from '../../../core/privacy/erasure-receipt.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { lockCustomer } from '../../people/customers/customer-lock.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { Voiceprint } from '../../people/voiceprints/voiceprint.entity.js';
import { carryOutObjection } from './objection-effects.js';
import type { Refusal } from './request-body.js';
import { answered, checkStep, lockRequest, recordStep } from './request-store.js';
import { RightsRequest } from './request.entity.js';

interface Answered {
  readonly row: RightsRequest;
  /** Of an erasure. */
  readonly receipt?: SignedReceipt;
}

const fulfil = { kind: 'fulfil' } as const;

/** Carries out what was asked and records the answer: in that order, so that nothing is said to be done that is not. */
@Injectable()
export class RequestAnswers {
  constructor(
    private readonly database: Database,
    private readonly erasures: ErasureService,
    private readonly readers: StoredReaders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Again after a crash in between: what was carried out is not carried out twice, and the answer is recorded. */
  async fulfil(by: Principal, requestId: RequestId, explanation: string | null): Promise<Answered> {
    const row = await this.inTransaction(by, requestId, async (em, found, nowMs) => {
      checkStep(found, fulfil, nowMs);
      if (found.kind === 'correction') await checkCorrected(em, found);
      return found;
    });
    switch (row.kind) {
      case 'erasure': {
        const receipt = await this.erase(by, row);
        const { erasureId } = receipt.receipt;
        return { row: await this.record(by, requestId, { explanation, erasureId }), receipt };
      }
      case 'objection':
      case 'limit':
        return { row: await this.carryOut(by, row, explanation) };
      case 'appeal':
      case 'correction':
      case 'access':
      case 'portability':
        return { row: await this.record(by, requestId, { explanation }) };
    }
  }

  async refuse(by: Principal, requestId: RequestId, refusal: Refusal): Promise<RightsRequest> {
    const { reason, article, explanation } = refusal;
    return this.inTransaction(by, requestId, (em, row, nowMs) =>
      recordStep(
        em,
        row,
        {
          step: { kind: 'refuse' },
          by: by.tokenId,
          action: 'request-refused',
          details: { reason, article },
          columns: {
            ...answered(by.tokenId, nowMs),
            refusalReason: reason,
            refusalArticle: article,
            explanation,
          },
        },
        nowMs,
      ),
    );
  }

  /** Those that an earlier version of Timbre, which carried them out in two steps, was stopped between. */
  async finishObjections(tenantId: TenantId): Promise<void> {
    const unfinished = await this.database.forTenant(tenantId, (em) =>
      em.findBy(RightsRequest, { tenantId, kind: In(['objection', 'limit']), answeredAt: IsNull() }),
    );
    for (const row of unfinished) await this.carryOut({ tenantId, tokenId: null }, row, null);
  }

  private async carryOut(
    { tenantId, tokenId }: { readonly tenantId: TenantId; readonly tokenId: TokenId | null },
    { requestId, customerId }: RightsRequest,
    explanation: string | null,
  ): Promise<RightsRequest> {
    const answer = await this.database.forTenant(tenantId, async (em) => {
      await lockCustomer(em, customerId);
      const row = await lockRequest(em, requestId);
      return carryOutObjection(em, tokenId, row, explanation, this.clock.nowMs());
    });
    await this.readers.settled(tenantId);
    return answer;
  }

  private record(
    by: Principal,
    requestId: RequestId,
    columns: Pick<RightsRequest, 'explanation'> & Partial<Pick<RightsRequest, 'erasureId'>>,
  ): Promise<RightsRequest> {
    return this.inTransaction(by, requestId, async (em, row, nowMs) => {
      if (row.appealOf !== null) await reopen(em, row.appealOf, by.tokenId, nowMs);
      const details = columns.erasureId === undefined ? {} : { erasureId: columns.erasureId };
      return recordStep(
        em,
        row,
        {
          step: fulfil,
          by: by.tokenId,
          action: 'request-fulfilled',
          details,
          columns: { ...answered(by.tokenId, nowMs), ...columns },
        },
        nowMs,
      );
    });
  }

  private erase(
    by: Principal,
    { customerId, requestId, packs: lawIds }: RightsRequest,
  ): Promise<SignedReceipt> {
    const rules = lawIds.flatMap((packId) => {
      const rule = packs[packId].rules.erasure;
      return rule === null ? [] : [{ packId, rule: 'erasure', article: rule.article }];
    });
    const reason = 'request-of-the-person' as const;
    return this.erasures.erase(by.tenantId, customerId, { by: by.tokenId, reason, requestId, rules });
  }

  private inTransaction<T>(
    { tenantId }: Principal,
    requestId: RequestId,
    work: (em: EntityManager, row: RightsRequest, nowMs: number) => Promise<T>,
  ): Promise<T> {
    return this.database.forTenant(tenantId, async (em) =>
      work(em, await lockRequest(em, requestId), this.clock.nowMs()),
    );
  }
}

/** What was refused is worked on again, with a date of its own. */
async function reopen(em: EntityManager, requestId: RequestId, by: TokenId, nowMs: number): Promise<void> {
  const row = await lockRequest(em, requestId);
  const { dueMs } = requestClock(
    row.packs.map((id) => packs[id]),
    row.kind,
    nowMs,
  );
  await recordStep(
    em,
    row,
    {
      step: { kind: 'reopen', dueMs },
      by,
      action: 'request-reopened',
      columns: {
        answeredAt: null,
        answeredBy: null,
        refusalReason: null,
        refusalArticle: null,
        explanation: null,
        reminded: [],
      },
    },
    nowMs,
  );
}

/** A voiceprint is never edited: a correct one replaces it. */
async function checkCorrected(
  em: EntityManager,
  { customerId, receivedAt }: Pick<RightsRequest, 'customerId' | 'receivedAt'>,
): Promise<void> {
  const isReplaced = await em.existsBy(Voiceprint, {
    customerId,
    status: 'active',
    createdAt: MoreThan(receivedAt),
  });
  if (isReplaced) return;
  throw new ProblemError(409, 're-enrolment-missing', 'The voiceprint has not been made anew yet', {
    detail:
      'A voiceprint is corrected by enrolling again, from a recording or in a call. The request is then fulfilled by itself.',
  });
}
