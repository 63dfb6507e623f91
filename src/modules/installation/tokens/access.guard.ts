import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '../../../core/auth/principal.js';
import { AUTHENTICATOR, type Authenticator } from '../../../platform/auth/authenticator.port.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { publicKey } from '../../../platform/http/public.decorator.js';
import type { RequestWithPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { rolesKey } from '../../../platform/http/roles.decorator.js';

/** Every HTTP route passes here. A route that names no role is open to nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets are let in or refused at their upgrade (platform/ws).
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, targets) === true) return true;
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(rolesKey, targets) ?? [];

    const request = context.switchToHttp().getRequest<RequestWithPrincipal>();
    const token = bearer(request.headers.authorization);
    if (token === undefined) throw unauthorized('Send an API token: Authorization: Bearer tmb_…', '');
    const principal = await this.authenticator.authenticate(token);
    if (principal === undefined) {
      throw unauthorized('The token is unknown, revoked or expired', ', error="invalid_token"');
    }
    if (!allowed.includes(principal.role)) {
      throw new ProblemError(403, 'forbidden', 'This token may not do this', {
        detail:
          allowed.length === 0
            ? 'No role may call this route'
            : `It has the role ${principal.role}; needed is ${allowed.join(' or ')}`,
      });
    }
    request.principal = principal;
    return true;
  }
}

function bearer(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

/** RFC 6750 §3: the challenge says error="invalid_token" only when a token was sent. */
function unauthorized(detail: string, parameters: string): ProblemError {
  return new ProblemError(401, 'unauthorized', 'No valid API token', {
    detail,
    headers: { 'WWW-Authenticate': `Bearer realm="timbre"${parameters}` },
  });
}
