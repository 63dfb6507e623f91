import type { EntityManager } from 'typeorm';
import type { CallId, CustomerId, TokenId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Call } from '../../calls/call-log/call.entity.js';
import type { IdentityProof } from './request-body.js';
import type { RightsRequest } from './request.entity.js';

type Checked = Pick<
  RightsRequest,
  'identityMethod' | 'identityPassed' | 'identityReference' | 'identityCheckedAt' | 'identityCheckedBy'
>;

/** Throws when the check can't have shown what it says: of another person's call, or of somebody who does not act for anybody. */
export async function checkedIdentity(
  em: EntityManager,
  of: Pick<RightsRequest, 'customerId' | 'authority'>,
  { method, callId, reference }: IdentityProof,
  passed: boolean,
  by: TokenId,
  at: Date,
): Promise<Checked> {
  // Whoever asks for another person shows that they may; that they are somebody else is then no surprise.
  if (passed && (of.authority !== null) !== (method === 'representative')) throw wrongPerson(of.authority);
  if (passed && method === 'verified-call') await checkCall(em, callId as CallId, of.customerId);
  return {
    identityMethod: method,
    identityPassed: passed,
    identityReference: method === 'verified-call' ? (callId ?? null) : (reference ?? null),
    identityCheckedAt: at,
    identityCheckedBy: by,
  };
}

function wrongPerson(authority: RightsRequest['authority']): ProblemError {
  return authority === null
    ? new ProblemError(409, 'not-on-behalf', 'The person asks for themselves', {
        detail:
          'A representative’s authority proves nothing here. Open the request with `onBehalf`, or check the person.',
      })
    : new ProblemError(409, 'authority-not-checked', 'Somebody else asks for this person', {
        detail:
          'Check that they may act for the person (method representative). Until then nothing is released.',
      });
}

async function checkCall(em: EntityManager, callId: CallId, customerId: CustomerId): Promise<void> {
  const call = await em.findOneBy(Call, { callId });
  const { claimedCustomerId, verification } = call?.result ?? {};
  if (claimedCustomerId === customerId && verification?.state === 'accepted') return;
  throw new ProblemError(409, 'call-not-verified', 'This call does not show who is asking', {
    detail: 'It has to be a call of this very customer in which the voice was accepted.',
  });
}
