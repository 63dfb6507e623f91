import { Body, Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Public } from '../../../platform/http/public.decorator.js';
import type { Scope } from './scopes.js';
import { clearCookie, secretFrom, setCookie } from './session-cookie.js';
import { refuseOtherOrigins } from './session.guard.js';
import { SessionsService, type LinkRefusal } from './sessions.service.js';
import { openSessionSchema } from './answers.js';

const openBody = z.strictObject({ link: z.string().min(1).max(300) });

interface OpenSession {
  readonly scopes: readonly Scope[];
  readonly endsAt: string;
}

const refusals: Record<LinkRefusal, { readonly status: number; readonly title: string }> = {
  'link-not-valid': { status: 401, title: 'This link is not one of ours' },
  'link-expired': { status: 410, title: 'This link has expired' },
  'link-used': { status: 410, title: 'This link has been used already' },
};

/** The one thing on the customer page that is open to whoever holds a link; the secret comes in the body, never in an address. */
@Public()
@ApiTags('self-service')
@Controller('v1/me/session')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Open the customer page with a link',
    description:
      'Done by the page itself. The answer sets a cookie, HttpOnly and SameSite=Strict, for this one customer.',
  })
  @ApiResponse({ status: 201, standardSchema: openSessionSchema, description: 'The visit has begun.' })
  @ApiResponse({ status: 401, description: 'link-not-valid: not a link of this installation, or changed.' })
  @ApiResponse({ status: 403, description: 'other-origin' })
  @ApiResponse({ status: 410, description: 'link-expired or link-used' })
  async open(
    @Body({ schema: openBody }) { link }: z.output<typeof openBody>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OpenSession> {
    refuseOtherOrigins(request, this.config);
    const opening = await this.sessions.open(link, secretFrom(request.headers.cookie));
    if (opening.kind === 'refused') {
      const { status, title } = refusals[opening.reason];
      throw new ProblemError(status, opening.reason, title, {
        detail:
          'A link opens the page once and only for a few minutes. Open the page from your bank’s site again.',
      });
    }
    if (opening.kind === 'opened') response.setHeader('Set-Cookie', setCookie(opening.secret));
    return { scopes: opening.session.scopes, endsAt: opening.session.endsAt.toISOString() };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'End the visit' })
  @ApiResponse({ status: 204, description: 'Over, also when it was before.' })
  async end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    refuseOtherOrigins(request, this.config);
    const secret = secretFrom(request.headers.cookie);
    if (secret !== undefined) await this.sessions.end(secret);
    response.setHeader('Set-Cookie', clearCookie);
  }
}
