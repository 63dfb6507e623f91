import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** OpenAPI from the routes and their zod schemas: a page at /docs, JSON at /docs-json. */
export function serveOpenApi(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('Timbre')
    .setDescription(
      'Voice verification and fraud flags for call centers. Errors are application/problem+json (RFC 9457).',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'tmb_…' })
    .build();
  // Made when first asked for: start-up does not wait for it.
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    customSiteTitle: 'Timbre API',
  });
}
