import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Readiness } from '../platform/health/readiness.js';
import { html, type Html } from '../platform/http/html.js';
import { pageInItself, pageInItselfHeaders } from '../platform/http/page-in-itself.js';
import { Public } from '../platform/http/public.decorator.js';

const places = [
  { path: '/agent', name: 'Agent page', use: 'live calls, what was found of each, and what to do' },
  {
    path: '/privacy',
    name: 'Privacy page',
    use: 'what is held, why and until when; requests, ledgers, receipts',
  },
  { path: '/me', name: 'Customer page', use: 'opens with a one-time link that your own site makes' },
  { path: '/docs', name: 'HTTP API', use: 'every route with an example' },
  { path: '/health/ready', name: 'Health', use: 'what is up and what is down' },
  { path: '/metrics', name: 'Metrics', use: 'for Prometheus' },
];

/** Where somebody lands who opens the address alone. It knows nothing that health and docs do not say to anybody. */
@Public()
@ApiExcludeController()
@Controller()
export class FrontPageController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  async page(@Res() response: Response): Promise<void> {
    const { ready, checks } = await this.readiness.report();
    const down = Object.entries(checks).flatMap(([name, state]) => (state === 'down' ? [name] : []));
    response
      .set(pageInItselfHeaders)
      .send(
        pageInItself(
          'en',
          'Timbre',
          html`<p>
            ${ready ? 'Ready for calls.' : 'Not ready for calls.'}
            ${down.length > 0 ? `Down: ${down.join(', ')}.` : null}
          </p>`,
          listOf(places.map(({ path, name, use }) => html`<a href="${path}">${name}</a>: ${use}`)),
        ),
      );
  }
}

function listOf(items: readonly Html[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}
