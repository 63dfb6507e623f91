import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ErrorRequestHandler } from 'express';
import { ProblemError } from './problem.js';

const limitBytes = 64 * 1024;

/** JSON bodies up to 64 KiB. Uploads go their own way (multer). */
export function takeJsonBodies(app: NestExpressApplication): void {
  app.useBodyParser('json', { limit: limitBytes });
  app.use(refuseBody);
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
