import { SetMetadata } from '@nestjs/common';
import type { Role } from '../../core/auth/principal.js';

export { Public } from './public.decorator.js';

export const rolesKey = 'timbre:roles';

/** Who may call the route. A route without @Roles or @Public is refused to everyone. */
export const Roles = (...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator =>
  SetMetadata(rolesKey, roles);
