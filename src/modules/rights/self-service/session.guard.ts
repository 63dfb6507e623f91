import {
  applyDecorators,
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { isSameOrigin } from './same-origin.js';
import type { Scope } from './scopes.js';
import { secretFrom } from './session-cookie.js';
import type { Visit } from './self-service-session.entity.js';
import { SessionsService } from './sessions.service.js';

interface RequestWithSession extends Request {
  selfService?: Visit;
}

const scopeKey = 'timbre:self-service-scope';

/** What the link must have been made for. A route behind the guard without it is open to nobody. */
export const NeedsScope = (scope: Scope): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(scopeKey, scope), ApiCookieAuth('visit'), ApiExtension('x-scope', scope));

/** The visit this request belongs to: whose, and what it may. There is no other way to say for whom something is asked. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { selfService } = context.switchToHttp().getRequest<RequestWithSession>();
  if (selfService === undefined) throw new Error('@CurrentSession on a route without SessionGuard');
  return selfService;
});

/** Lets in the customer page's own requests, by the cookie of a visit. Beside the AccessGuard, whose tokens count nothing here. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestWithSession>();
    if (request.method !== 'GET') refuseOtherOrigins(request, this.config);
    const session = await this.sessions.resume(secretFrom(request.headers.cookie));
    if (session === undefined) throw noSession();
    const targets = [context.getHandler(), context.getClass()];
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(scopeKey, targets);
    if (scope === undefined || !session.scopes.includes(scope)) {
      throw new ProblemError(403, 'not-in-this-link', 'The link you came with is not for this', {
        detail: 'Go to your bank’s own site and open the page from there for what you want to do.',
      });
    }
    request.selfService = session;
    return true;
  }
}

export function refuseOtherOrigins(request: Request, { publicUrl }: Config): void {
  if (isSameOrigin(request.headers, publicUrl)) return;
  throw new ProblemError(403, 'other-origin', 'Only Timbre’s own page may ask this', {
    detail: 'The request came from another site, or does not say where from.',
  });
}

export function noSession(): ProblemError {
  return new ProblemError(401, 'session-over', 'Your visit is over', {
    detail: 'For your safety it ends by itself. Open the page from your bank’s site again.',
    headers: { 'WWW-Authenticate': 'Cookie realm="timbre self-service"' },
  });
}
