import { json, type ErrorRequestHandler, type RequestHandler } from 'express';
import { ProblemError } from './problem.js';

const limitBytes = 64 * 1024;

/** JSON bodies up to 64 KiB. Uploads go their own way (multer). */
export function jsonBody(): [RequestHandler, ErrorRequestHandler] {
  return [json({ limit: limitBytes }), refuseBody];
}

/** Its errors would quote the body. */
const refuseBody: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  const status =
    error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status >= 500) next(error);
  else if (status === 413) {
    next(
      new ProblemError(413, 'too-large', 'The body is too large', { detail: `At most ${limitBytes} bytes` }),
    );
  } else if (status === 415) {
    next(new ProblemError(415, 'unsupported-media', 'The body is in an encoding that is not understood'));
  } else {
    next(
      new ProblemError(400, 'bad-input', 'The body is not JSON', {
        errors: [{ field: 'body', expected: 'a JSON document' }],
      }),
    );
  }
};
