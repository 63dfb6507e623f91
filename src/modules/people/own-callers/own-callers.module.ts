import { Module } from '@nestjs/common';
import { MeanVoicesModule } from '../../installation/mean-voices/mean-voices.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { OwnCallersMeasuring } from './own-callers-measuring.js';
import { StrangerLlrs } from './stranger-llrs.js';

/** How often the voice check is wrong about a tenant's own callers: at the end of each call, against voiceprints of others. */
@Module({
  imports: [MeanVoicesModule, PoliciesModule, TenantsModule],
  providers: [OwnCallersMeasuring, StrangerLlrs],
  exports: [OwnCallersMeasuring],
})
export class OwnCallersModule {}
