import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { CustomerId, RequestId, TenantId } from '../../../core/ids.js';
import type { RequestKind } from '../../../core/privacy/packs/pack.js';
import { requestStates, type RequestState } from '../../../core/privacy/requests/request.js';
import { RightsRequest } from './request.entity.js';

/** A place in the list, which whoever answers or asks meanwhile does not move. */
export type RequestPosition = Pick<RightsRequest, 'answeredAt' | 'dueAt' | 'requestId'>;

const time = z.iso.datetime().transform((text) => new Date(text));
export const position = z
  .tuple([z.union([z.literal('open').transform(() => null), time]), time, z.uuid()])
  .transform(([answeredAt, dueAt, requestId]): RequestPosition => ({
    answeredAt,
    dueAt,
    requestId: requestId as RequestId,
  }));
export const cursorWords = ({ answeredAt, dueAt, requestId }: RequestPosition): string[] => [
  answeredAt?.toISOString() ?? 'open',
  dueAt.toISOString(),
  requestId,
];

export interface RequestSearch {
  readonly customerId?: string | undefined;
  readonly kind?: RequestKind | undefined;
  readonly state?: RequestState | 'open' | 'answered' | undefined;
  readonly limit: number;
  readonly after?: RequestPosition | undefined;
}

/** What is open first, by its date: overdue at the top. Then what was answered, newest first. */
export async function readRequestPage(
  em: EntityManager,
  tenantId: TenantId,
  { customerId, kind, state, limit, after }: RequestSearch,
): Promise<{ readonly rows: RightsRequest[]; readonly next: RequestPosition | null }> {
  const query = em
    .createQueryBuilder(RightsRequest, 'request')
    .where({
      tenantId,
      ...(customerId !== undefined && { customerId: customerId as CustomerId }),
      ...(kind !== undefined && { kind }),
      ...(requestStates.some((one) => one === state) && { state }),
    })
    .orderBy('request.answeredAt', 'DESC', 'NULLS FIRST')
    .addOrderBy('request.dueAt')
    .addOrderBy('request.requestId')
    .take(limit + 1);
  if (state === 'open') query.andWhere('request.answered_at IS NULL');
  if (state === 'answered') query.andWhere('request.answered_at IS NOT NULL');
  if (after !== undefined) query.andWhere(`(${isAfter(after)})`, { ...after });
  const found = await query.getMany();
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1) ?? null) : null };
}

function isAfter({ answeredAt }: RequestPosition): string {
  const later = '(request.due_at, request.request_id) > (:dueAt, :requestId)';
  return answeredAt === null
    ? `request.answered_at IS NOT NULL OR ${later}`
    : `request.answered_at < :answeredAt OR (request.answered_at = :answeredAt AND ${later})`;
}
