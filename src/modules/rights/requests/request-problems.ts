import type { RequestId } from '../../../core/ids.js';
import type { StepRefusal } from '../../../core/privacy/requests/steps.js';
import { ProblemError } from '../../../platform/http/problem.js';

/** What to answer, and what to do about it. */
const words: Readonly<Record<StepRefusal, readonly [title: string, detail: string]>> = {
  'clock-set-back': [
    'The clock of this server was set back',
    'It reads earlier than the last thing recorded for this customer’s requests, so that any date written now would be wrong. Nothing was recorded. Set the clock right and try again.',
  ],
  'already-answered': ['The request has been answered', 'Open an appeal, or a new request.'],
  'not-refused': ['The request was not refused', 'Only a refusal can be appealed against.'],
  'identity-not-checked': [
    'It is not known who is asking',
    'Record the identity check first: before it nothing is released, changed or erased.',
  ],
  'identity-already-checked': ['Who is asking is known already', 'One check that was passed is enough.'],
  'receipt-already-confirmed': ['Receipt was confirmed before', 'Nothing was recorded.'],
  'already-extended': ['The time was extended before', 'It can be once only. Answer by the date in force.'],
  'extension-not-allowed': [
    'The time can’t be extended',
    'A law that protects this person allows no extension for this kind of request.',
  ],
  'too-late-to-extend': [
    'It is too late to extend',
    'The person has to be told of an extension before the first date has passed.',
  ],
  'already-started': ['Somebody is working on it already', 'Nothing was recorded.'],
  'nothing-to-release': [
    'Nothing is handed out for this kind of request',
    'Bundles answer access and portability.',
  ],
  'not-released': ['The person has not got their data yet', 'Hand out the bundle first.'],
};

export function stepRefused(why: StepRefusal): ProblemError {
  const [title, detail] = words[why];
  return new ProblemError(why === 'clock-set-back' ? 503 : 409, why, title, { detail });
}

export function unknownRequest(): never {
  throw new ProblemError(404, 'request-not-found', 'There is no such request', {
    detail: 'Or it is another person’s.',
  });
}

export function neverObjected(): never {
  throw new ProblemError(404, 'objection-not-found', 'This objection was never made', {
    detail: 'Nothing was taken back and nothing recorded: the customer has never made it.',
  });
}

export function objectionNotCarriedOut(requestId: RequestId): ProblemError {
  return new ProblemError(409, 'objection-not-carried-out', 'The objection is not carried out yet', {
    detail:
      'Its request is open. Fulfil that first: what it ends must have ended before it is taken back. Nothing was recorded.',
    extra: { requestId },
  });
}

export function requestOpen(requestId: RequestId): ProblemError {
  return new ProblemError(409, 'request-open', 'A request of this kind is open already', {
    detail: 'It is being worked on; nothing was recorded. `requestId` is its id.',
    extra: { requestId },
  });
}
