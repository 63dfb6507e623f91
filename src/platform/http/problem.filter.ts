import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ZodError } from 'zod';
import { LOGGER, type Logger } from '../logging/logger.js';
import { fieldErrors } from './field-errors.js';
import { problemDocument, ProblemError } from './problem.js';
import { routeOf } from './request-log.js';

/** Every error leaves as application/problem+json (RFC 9457); one we did not expect is logged and says nothing of itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = asProblem(error);
    if (problem.status >= 500) this.logger.error({ err: error, route: routeOf(request) }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set(problem.options.headers ?? {})
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(problem)));
  }
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ZodError) {
    return new ProblemError(400, 'bad-input', 'The input is not valid', {
      errors: fieldErrors(error.issues, 'input'),
    });
  }
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error.message);
  return fromStatus(500, '');
}

function fromStatus(status: number, message: string): ProblemError {
  const title = STATUS_CODES[status] ?? 'Error';
  const slug = title.toLowerCase().replace(/[^a-z]+/g, '-');
  // Nest's "Cannot GET /…" would repeat the URL; a server error must not speak of its inside.
  const detail = status === 404 || status >= 500 || message === title ? {} : { detail: message };
  return new ProblemError(status, slug, title, detail);
}
