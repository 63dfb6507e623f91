import { Module, type DynamicModule } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { KeyMetrics } from './key-metrics.js';
import { KeyRenewal } from './key-renewal.js';
import { KeyUpkeep } from './key-upkeep.js';
import { KeysController } from './keys.controller.js';
import { SEALED_ROWS, type SealedRows } from './sealed-rows.js';
import { TenantRotation } from './tenant-rotation.js';

@Module({
  imports: [TenantsModule],
  controllers: [KeysController],
  providers: [KeyMetrics, KeyRenewal, KeyUpkeep, TenantRotation],
  exports: [KeyRenewal, KeyUpkeep, TenantRotation],
})
export class KeysModule {
  static with(sealed: readonly SealedRows[]): DynamicModule {
    return { module: KeysModule, providers: [{ provide: SEALED_ROWS, useValue: sealed }] };
  }
}
