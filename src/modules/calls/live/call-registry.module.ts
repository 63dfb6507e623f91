import { Module } from '@nestjs/common';
import { CALL_RESULTS } from '../../../core/calls/call-results.port.js';
import { CallLogModule } from '../call-log/call-log.module.js';
import { CallRegistry } from './call-registry.js';

/** On its own: flags, accounts and watchlists ask for what is known of a call without the intake of calls. */
@Module({
  imports: [CallLogModule],
  providers: [CallRegistry, { provide: CALL_RESULTS, useExisting: CallRegistry }],
  exports: [CallLogModule, CallRegistry, CALL_RESULTS],
})
export class CallRegistryModule {}
