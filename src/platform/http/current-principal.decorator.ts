import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from '../../core/auth/principal.js';

export interface RequestWithPrincipal extends Request {
  principal?: Principal;
}

/** Who is asking; there on every route that is not @Public. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<RequestWithPrincipal>();
  if (principal === undefined) throw new Error('@CurrentPrincipal on a route that is @Public');
  return principal;
});
