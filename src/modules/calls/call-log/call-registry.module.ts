import { Module } from '@nestjs/common';
import { CALL_RESULTS } from '../../../core/calls/call-results.port.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { CallEventWriter } from './call-event-writer.js';
import { CallRegistry } from './call-registry.js';
import { LostProcesses } from './lost-processes.js';
import { VoiceForgetting } from './voice-forgetting.js';
import { ProcessLease } from '../leases/process-lease.js';

/** On its own so that flags and accounts can ask for results without the calls module, which asks them for flags. */
@Module({
  imports: [TenantsModule],
  providers: [
    CallEventWriter,
    CallRegistry,
    LostProcesses,
    ProcessLease,
    VoiceForgetting,
    { provide: CALL_RESULTS, useExisting: CallRegistry },
  ],
  exports: [CallEventWriter, CallRegistry, ProcessLease, CALL_RESULTS],
})
export class CallRegistryModule {}
