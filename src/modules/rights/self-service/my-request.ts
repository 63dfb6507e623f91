import { z } from 'zod';
import { objectionScopes, type RequestState } from '../../../core/privacy/requests/request.js';
import type { RequestKind } from '../../../core/privacy/packs/pack.js';
import type { RequestId } from '../../../core/ids.js';
import type { RequestView } from '../requests/request-view.js';

const scopes = z
  .array(z.enum(objectionScopes))
  .min(1)
  .max(objectionScopes.length)
  .refine((given) => new Set(given).size === given.length, 'each scope once');

/** What a person can ask for themselves. Who they are the link has shown; for another person nobody can ask here. */
export const myRequestBody = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['access', 'portability', 'correction', 'erasure']) }),
    z.strictObject({ kind: z.enum(['objection', 'limit']), scopes }),
    z.strictObject({ kind: z.literal('appeal'), appealOf: z.uuid() }),
  ])
  .meta({ example: { kind: 'objection', scopes: ['profiling'] } });
export type MyNewRequest = z.output<typeof myRequestBody>;

/** What a person is told of their request. */
export interface MyRequest {
  readonly requestId: RequestId;
  readonly kind: RequestKind;
  readonly scopes: readonly string[];
  readonly state: RequestState;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly answeredAt: string | null;
  readonly explanation: string | null;
}

export function toMyRequest(view: RequestView): MyRequest {
  const { requestId, kind, scopes, state, receivedAt, dueAt, answer } = view;
  const answered = { answeredAt: answer?.at ?? null, explanation: answer?.explanation ?? null };
  return { requestId, kind, scopes, state, receivedAt, dueAt, ...answered };
}
