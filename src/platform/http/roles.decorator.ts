import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Role } from '../../core/auth/principal.js';

export { Public } from './public.decorator.js';

export const rolesKey = 'timbre:roles';

/** Under this name the API description says which roles may call a route. */
export const rolesExtension = 'x-roles';

/** Who may call the route. A route without @Roles or @Public is refused to everyone. */
export const Roles = (...roles: [Role, ...Role[]]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(rolesKey, roles), ApiExtension(rolesExtension, roles));
