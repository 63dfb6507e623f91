import { NotFoundException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readPage, type PageFile } from './page-files.js';

export interface PageNeeds {
  /** Origins beside its own that may show the page in a frame. */
  readonly framedBy?: readonly string[];
  readonly microphone?: boolean;
}

/** One page's files and the headers they go out with. */
export class Page {
  private readonly files: ReadonlyMap<string, PageFile>;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(name: string, needs: PageNeeds = {}) {
    this.files = readPage(name);
    this.headers = headersFor(needs);
  }

  send(path: string, request: Request, response: Response): void {
    const file = this.files.get(path);
    if (file === undefined) throw new NotFoundException();
    response.set(this.headers).set('ETag', file.etag);
    if (request.headers['if-none-match'] === file.etag) response.status(304).end();
    else response.set('Content-Type', file.contentType).send(file.body);
  }
}

/** A page talks to its own origin and nothing else, runs no script but its own, and is framed only by whom the operator names. */
function headersFor({ framedBy = [], microphone = false }: PageNeeds): Record<string, string> {
  return {
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
    'Permissions-Policy': `camera=(), geolocation=(), microphone=(${microphone ? 'self' : ''})`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    // Asked again every time, answered 304 when unchanged: nobody works on yesterday's page after an update.
    'Cache-Control': 'no-cache',
  };
}
