import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { nestLogger } from '../platform/logging/nest-logger.js';
import type { PlatformParts } from '../platform/platform.module.js';
import { takeJsonBodies } from '../platform/http/body-parser.js';
import { requestLog } from '../platform/http/request-log.js';
import { securityHeaders } from '../platform/http/security-headers.js';
import { TimbreWsAdapter } from '../platform/ws/timbre-ws-adapter.js';
import { serveOpenApi } from './open-api.js';

/** A Nest application over Timbre's HTTP and WebSocket edge, not yet listening. */
export async function createHttpApp(
  root: DynamicModule,
  parts: PlatformParts,
): Promise<NestExpressApplication> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes a plain object
  const app = await NestFactory.create<NestExpressApplication>(root, {
    logger: nestLogger(parts.logger),
    bodyParser: false,
    // Whoever checks a signature over a body needs it as it came.
    rawBody: true,
    // A failed start rejects, so that what was started before is closed; Nest would end the process.
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.use(requestLog(parts.logger, parts.registry), securityHeaders);
  takeJsonBodies(app);
  app.useWebSocketAdapter(new TimbreWsAdapter(app));
  serveOpenApi(app);
  return app;
}
