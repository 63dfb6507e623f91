import { ProblemError } from '../../../platform/http/problem.js';
import { versionOfEntityTag } from './flag-requests.js';
import type { ReviewAnswer } from './flag-reviews.service.js';

type SaidBy = 'version' | 'If-Match';

/** A change without saying what was seen could undo another person's (RFC 6585 §3). */
export function seenVersion(
  version: number | undefined,
  ifMatch: string | undefined,
): { version: number; saidBy: SaidBy } {
  if (version !== undefined) return { version, saidBy: 'version' };
  if (ifMatch === undefined) {
    throw new ProblemError(428, 'version-required', 'Say which version of the flag you have seen', {
      errors: [{ field: 'version', expected: 'the version of the flag as seen, or If-Match with its ETag' }],
    });
  }
  const seen = versionOfEntityTag(ifMatch);
  if (seen === undefined) {
    throw new ProblemError(400, 'bad-input', 'The input is not valid', {
      errors: [{ field: 'If-Match', expected: 'the ETag of the flag as seen, such as "3"' }],
    });
  }
  return { version: seen, saidBy: 'If-Match' };
}

export function answerProblem(answer: Exclude<ReviewAnswer, { kind: 'done' }>, saidBy: SaidBy): ProblemError {
  switch (answer.kind) {
    case 'unknown':
      return unknownFlag();
    case 'stale':
      // RFC 9110 §13.1.1: a failed If-Match is 412; the body's version is an ordinary conflict.
      return new ProblemError(
        saidBy === 'If-Match' ? 412 : 409,
        'flag-changed',
        'The flag has changed since you saw it',
        {
          detail: `It is at version ${answer.version} now: read it again.`,
          extra: { version: answer.version },
        },
      );
    case 'unknown-assignee':
      return new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [
          {
            field: 'assignee',
            expected: 'a name of GET /v1/fraud-staff: who holds a token of the role fraud',
          },
        ],
      });
    case 'refused':
      return refusal(answer);
  }
}

function refusal({ state, outcome }: Extract<ReviewAnswer, { kind: 'refused' }>): ProblemError {
  if (outcome.kind === 'missing') {
    return new ProblemError(400, 'bad-input', 'The input is not valid', {
      errors: [{ field: outcome.field, expected: outcome.expected }],
    });
  }
  return new ProblemError(409, 'wrong-flag-state', 'The flag cannot go there from its state', {
    detail: `From ${state} it can go to ${outcome.allowed.join(', ')}.`,
    extra: { state, allowed: outcome.allowed },
  });
}

export const unknownFlag = (): ProblemError => new ProblemError(404, 'unknown-flag', 'There is no such flag');

export const accountRefsRefused = (): ProblemError =>
  new ProblemError(403, 'forbidden', 'Whose account a flag is about is for the role fraud', {
    detail: 'Ask without accountRefs, or with a token of the role fraud.',
  });
