import type { Role } from '../../../core/auth/principal.js';

/** Who may follow calls as they happen. */
export const liveRoles = ['agent', 'fraud', 'admin'] as const satisfies [Role, ...Role[]];
