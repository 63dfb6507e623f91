import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/facts.module.js';
import { TenantKeys } from './tenant-keys.service.js';
import { TenantsService } from './tenants.service.js';

@Module({
  imports: [FactsModule],
  providers: [TenantKeys, TenantsService],
  exports: [TenantKeys, TenantsService],
})
export class TenantsModule {}
