import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { sessionCookieName } from '../modules/rights/self-service/session-cookie.js';
import { jsonSchemaOf } from './open-api-schemas.js';
import { withRefusals } from './open-api-refusals.js';

/** OpenAPI 3.1 from the routes and the zod schemas of what they take and answer. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Timbre')
    .setDescription(
      'Voice verification and fraud flags for call centers. Errors are application/problem+json (RFC 9457); x-roles says whose token a route takes.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/', 'Where this document was read')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tmb_…' })
    .addCookieAuth(
      sessionCookieName,
      {
        type: 'apiKey',
        in: 'cookie',
        description: 'Set by POST /v1/me/session, which takes a one-time link.',
      },
      'visit',
    )
    .build();
  const document = SwaggerModule.createDocument(app, description, {
    standardSchemaConverter: jsonSchemaOf,
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return withRefusals(document);
}

/** A page at /docs, JSON at /docs-json. */
export function serveOpenApi(app: INestApplication): void {
  // Made when first asked for: start-up does not wait for it.
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { customSiteTitle: 'Timbre API' });
}
