import { Global, Module } from '@nestjs/common';
import { CALL_INTAKE } from '../../../core/calls/intake.js';
import { CustomerChangesModule } from '../../people/customer-changes/customer-changes.module.js';
import { CustomersModule } from '../../people/customers/customers.module.js';
import { OwnCallersModule } from '../../people/own-callers/own-callers.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { VoiceprintsModule } from '../../people/voiceprints/voiceprints.module.js';
import { CallTransfers } from '../transfers/call-transfers.js';
import { CallIntakeService } from './call-intake.service.js';
import { CallMetrics } from './call-metrics.js';
import { CallMigrations } from './call-migrations.js';
import { CallRegistryModule } from './call-registry.module.js';
import { CallServices } from './call-services.js';
import { CallStreams } from './call-streams.js';
import { CallsController } from './calls.controller.js';
import { CallsService } from './calls.service.js';
import { CustomerWatch } from './customer-watch.js';
import { LeaseWatch } from './lease-watch.js';
import { LiveCalls } from './live-calls.js';
import { PendingWork } from './pending-work.js';

/** Global: telephony takes its intake by port, and may not import modules. */
@Global()
@Module({
  imports: [
    CallRegistryModule,
    CustomerChangesModule,
    CustomersModule,
    OwnCallersModule,
    PoliciesModule,
    TenantsModule,
    VoiceprintsModule,
  ],
  controllers: [CallsController],
  providers: [
    CallTransfers,
    CallMetrics,
    CallMigrations,
    CallServices,
    CallStreams,
    CallsService,
    CustomerWatch,
    LeaseWatch,
    LiveCalls,
    PendingWork,
    CallIntakeService,
    { provide: CALL_INTAKE, useExisting: CallIntakeService },
  ],
  exports: [CALL_INTAKE],
})
export class CallsModule {}
