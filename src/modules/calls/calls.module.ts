import { Global, Module } from '@nestjs/common';
import { CALL_INTAKE } from '../../core/calls/intake.js';
import { CentresModule } from '../centres/centres.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { FlagsModule } from '../flags/flags.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { VoiceprintsModule } from '../voiceprints/voiceprints.module.js';
import { WatchlistsModule } from '../watchlists/watchlists.module.js';
import { CallEnrolments } from './call-enrolments.js';
import { CallFlags } from './call-flags.js';
import { CallHandovers } from './call-handovers.js';
import { CallIntakeService } from './call-intake.service.js';
import { CallMetrics } from './call-metrics.js';
import { CallMigrations } from './call-migrations.js';
import { CallRegistryModule } from './call-registry.module.js';
import { CallScreening } from './call-screening.js';
import { CallStreams } from './call-streams.js';
import { CallsController } from './calls.controller.js';
import { CallsService } from './calls.service.js';
import { ClaimChecks } from './claim-checks.js';
import { CustomerWatch } from './customer-watch.js';
import { LiveCalls } from './live-calls.js';
import { PendingWork } from './pending-work.js';

/** Global: telephony takes its intake by port, and may not import modules. */
@Global()
@Module({
  imports: [
    CallRegistryModule,
    CentresModule,
    CustomersModule,
    FlagsModule,
    PoliciesModule,
    TenantsModule,
    VoiceprintsModule,
    WatchlistsModule,
  ],
  controllers: [CallsController],
  providers: [
    CallEnrolments,
    CallFlags,
    CallHandovers,
    CallMetrics,
    CallScreening,
    CallMigrations,
    CallStreams,
    CallsService,
    ClaimChecks,
    CustomerWatch,
    LiveCalls,
    PendingWork,
    CallIntakeService,
    { provide: CALL_INTAKE, useExisting: CallIntakeService },
  ],
  exports: [CALL_INTAKE],
})
export class CallsModule {}
