import { Module } from '@nestjs/common';
import { TenantKeys } from './tenant-keys.service.js';
import { TenantsService } from './tenants.service.js';

@Module({ providers: [TenantKeys, TenantsService], exports: [TenantKeys, TenantsService] })
export class TenantsModule {}
