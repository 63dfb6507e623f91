import { Tenant } from './tenant.entity.js';

export const tenantsEntities = [Tenant];
