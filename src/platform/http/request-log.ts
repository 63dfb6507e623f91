import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';
import type { Logger } from '../logging/logger.js';

/** The route's pattern, not its path: a path may name a customer. */
export function routeOf(request: Request): string {
  const route: unknown = request.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : 'none';
}

/** One line and one observation per request: no query, body or header of it. */
export function requestLog(logger: Logger, registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'timbre_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return (request, response, next) => {
    const requestId = randomUUID();
    const end = durations.startTimer();
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const fields = { method: request.method, route: routeOf(request), status: response.statusCode };
      const seconds = end(fields);
      const level = fields.route.startsWith('/health') || fields.route === '/metrics' ? 'debug' : 'info';
      logger[level](
        { ...fields, requestId, durationMs: Math.round(seconds * 1000), finished: response.writableFinished },
        'request',
      );
    });
    next();
  };
}
