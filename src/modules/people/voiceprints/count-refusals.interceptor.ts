import {
  HttpException,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import { ProblemError } from '../../../platform/http/problem.js';
import { EnrolmentMetrics } from './enrolment-metrics.js';

/** Counts uploads that never came to be judged: unreadable, too large, without their file, for nobody. Stands outside the upload's own reader. */
@Injectable()
export class CountRefusals implements NestInterceptor {
  constructor(private readonly metrics: EnrolmentMetrics) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      tap({
        error: (error: unknown) => {
          const reason = reasonOf(error);
          if (reason !== undefined) this.metrics.refused(reason);
        },
      }),
    );
  }
}

/** Undefined where the outcome itself has been counted already. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ProblemError) return judged.has(error.slug) ? undefined : error.slug;
  if (error instanceof HttpException) return error.getStatus() === 413 ? 'file-too-large' : 'bad-upload';
  return 'internal-error';
}

const judged: ReadonlySet<string> = new Set(['no-consent', 'enrolment-refused', 'erased-meanwhile']);
