import type { ConsentMethod } from '../../../core/privacy/consent.js';
import type { ChildJudgement, MethodJudgement } from '../../../core/privacy/packs/basis.js';
import { ProblemError } from '../../../platform/http/problem.js';
import type { NewConsent } from './consent-body.js';

export function refuseMethod(judged: MethodJudgement, method: ConsentMethod): void {
  if (judged.kind === 'permitted') return;
  const { decidedBy, methods } = judged;
  throw new ProblemError(409, 'consent-method-not-enough', 'The law of the customer’s home asks for more', {
    detail: `${decidedBy.packId}, ${decidedBy.article}: consent given by ${method} does not count there; ${methods.join(' or ')} does. Nothing was recorded.`,
    extra: { decidedBy, methods },
  });
}

/** Who is too young to agree alone needs a parent or guardian to do it for them. */
export function refuseChild(judged: ChildJudgement): void {
  if (judged.kind === 'own-consent') return;
  const { decidedBy, fromAge } = judged;
  throw new ProblemError(409, 'guardian-consent-needed', 'A child does not agree to this alone', {
    detail: `${decidedBy.packId}, ${decidedBy.article}: under ${fromAge} years a parent or guardian agrees. Nothing was recorded.`,
    extra: { decidedBy, fromAge },
  });
}

export function neverGiven(what: string): never {
  throw new ProblemError(404, 'consent-not-found', 'This consent was never given', {
    detail: `Nothing was withdrawn and nothing recorded: the customer has never given ${what}.`,
  });
}

export function timesOf(consent: NewConsent, nowMs: number): { givenAt: Date; validUntil: Date | null } {
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
