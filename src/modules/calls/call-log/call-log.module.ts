import { Module } from '@nestjs/common';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { ProcessLease } from '../leases/process-lease.js';
import { CallEventWriter } from './call-event-writer.js';
import { LostProcesses } from './lost-processes.js';
import { VoiceForgetting } from './voice-forgetting.js';

/** What is written of calls, and by which process. */
@Module({
  imports: [TenantsModule],
  providers: [CallEventWriter, LostProcesses, ProcessLease, VoiceForgetting],
  exports: [CallEventWriter, ProcessLease],
})
export class CallLogModule {}
