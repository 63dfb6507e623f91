import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CONFIG, type Config } from '../platform/config/config.js';
import { Public } from '../platform/http/public.decorator.js';
import { readPage, type PageFile } from './page-files.js';

/** The page talks to its own origin and nothing else, runs no script but its own, and is framed only by whom the operator names. */
const headersFor = (framedBy: readonly string[]) => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    ["frame-ancestors 'self'", ...framedBy].join(' '),
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  // Asked again every time, answered 304 when unchanged: no agent works on yesterday's page after an update.
  'Cache-Control': 'no-cache',
});

/** The page is open to anyone and knows nothing: all it shows comes with the token that is entered there. */
@Public()
@ApiExcludeController()
@Controller('agent')
export class AgentPageController {
  readonly #files = readPage('agent');
  readonly #headers: ReturnType<typeof headersFor>;

  constructor(@Inject(CONFIG) config: Config) {
    this.#headers = headersFor(config.agentPageFramedBy);
  }

  @Get()
  page(@Req() request: Request, @Res() response: Response): void {
    this.#send('', request, response);
  }

  @Get('js/:file')
  script(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.#send(`js/${file}`, request, response);
  }

  @Get(':file')
  asset(@Param('file') file: string, @Req() request: Request, @Res() response: Response): void {
    this.#send(file, request, response);
  }

  #send(path: string, request: Request, response: Response): void {
    const file: PageFile | undefined = this.#files.get(path);
    if (file === undefined) throw new NotFoundException();
    response.set(this.#headers).set('ETag', file.etag);
    if (request.headers['if-none-match'] === file.etag) response.status(304).end();
    else response.set('Content-Type', file.contentType).send(file.body);
  }
}
