import { Module } from '@nestjs/common';

import { CallSockets } from './call-sockets.js';
import { KinesisController } from './kinesis/kinesis.controller.js';
import { servers } from './protocols.js';
import { TelephonyCounters } from './telephony-counters.js';

/**
 * Needs CALL_INTAKE, AUTHENTICATOR, TWILIO_CREDENTIALS, AUDIOHOOK_CREDENTIALS, KINESIS_CREDENTIALS, CLOCK, CONFIG, METRICS_REGISTRY
 * and a Database from global modules.
 */
@Module({
  controllers: [KinesisController],
  providers: [TelephonyCounters, CallSockets, ...Object.values(servers).flat()],
})
export class TelephonyModule {}
