import type { RequestHandler } from 'express';

const policy = (style: string): string =>
  `default-src 'self'; img-src 'self' data:; style-src ${style}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'`;
const forPages = policy("'self'");
const forDocs = policy("'self' 'unsafe-inline'"); // Swagger UI writes styles into its page

export const securityHeaders: RequestHandler = (request, response, next) => {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': request.path.startsWith('/docs') ? forDocs : forPages,
  });
  if (request.path.startsWith('/v1/')) response.set('Cache-Control', 'no-store');
  next();
};
