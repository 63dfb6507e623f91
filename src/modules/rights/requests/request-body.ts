import { z } from 'zod';
import {
  authorities,
  identityMethods,
  objectionScopes,
  refusalReasons,
  requestStates,
} from '../../../core/privacy/requests/request.js';
import { cursorOf } from '../../../platform/http/cursor.js';
import { position } from './request-pages.js';
import { requestKinds } from '../../../core/privacy/packs/pack.js';

const words = (most: number) => z.string().trim().min(1).max(most);

export const identityBody = z
  .strictObject({
    method: z.enum(identityMethods),
    /** Of a call that was verified. */
    callId: z.uuid().optional(),
    /** Your own number of the check; never a document or its number. */
    reference: words(200).optional(),
  })
  .refine(({ method, callId }) => method !== 'verified-call' || callId !== undefined, {
    path: ['callId'],
    error: 'the call in which the voice was verified',
  });
export type IdentityProof = z.output<typeof identityBody>;

/** Somebody else asks: nothing is done for them without the ground on which they may. */
const onBehalf = z.strictObject({ authority: z.enum(authorities), proofReference: words(500) });

const asked = { onBehalf: onBehalf.optional(), identity: identityBody.optional() };
const scopes = z
  .array(z.enum(objectionScopes))
  .min(1)
  .max(objectionScopes.length)
  .refine((given) => new Set(given).size === given.length, 'each scope once');

export const newRequestBody = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.enum(['access', 'portability', 'correction', 'erasure']), ...asked }),
      z.strictObject({ kind: z.literal('objection'), scopes, ...asked }),
      z.strictObject({ kind: z.literal('limit'), scopes: scopes.prefault(['verification']), ...asked }),
      z.strictObject({ kind: z.literal('appeal'), appealOf: z.uuid(), ...asked }),
    ],
    { error: `a kind of request: ${requestKinds.join(', ')}` },
  )
  .meta({ example: { kind: 'access' } });
export type NewRequest = z.output<typeof newRequestBody>;

export const identityCheckBody = z
  .strictObject({ passed: z.boolean(), proof: identityBody })
  .meta({ example: { passed: true, proof: { method: 'security-questions' } } });
export type IdentityCheck = z.output<typeof identityCheckBody>;

export const extensionBody = z
  .strictObject({ reason: words(2000) })
  .meta({ example: { reason: 'The calls of two years have to be gone through by hand.' } });

export const answerBody = z
  .strictObject({ explanation: words(4000).optional() })
  .meta({ example: { explanation: 'The bundle was handed over at the branch.' } });

export const refusalBody = z
  .strictObject({ reason: z.enum(refusalReasons), article: words(200), explanation: words(4000) })
  .meta({
    example: {
      reason: 'identity-not-established',
      article: 'GDPR Art. 12(2)',
      explanation: 'We could not establish who is asking. Please come to a branch with an identity document.',
    },
  });
export type Refusal = z.output<typeof refusalBody>;

const page = {
  limit: z.coerce.number('a number').int().min(1).max(500).prefault(100),
  cursor: cursorOf(position).optional(),
};
export const pageQuery = z.strictObject(page);

export const listQuery = z.strictObject({
  customerId: z.uuid().optional(),
  kind: z.enum(requestKinds).optional(),
  state: z.enum([...requestStates, 'open', 'answered']).optional(),
  ...page,
});
export type ListQuery = z.output<typeof listQuery>;
