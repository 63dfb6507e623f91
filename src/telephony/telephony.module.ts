import { Module } from '@nestjs/common';

import { CallSockets } from './call-sockets.js';
import { PlainGateway } from './plain/plain.gateway.js';
import { TelephonyCounters } from './telephony-counters.js';
import { TwilioGateway } from './twilio/twilio.gateway.js';

/** Needs CALL_INTAKE, AUTHENTICATOR, TWILIO_CREDENTIALS, CLOCK, CONFIG and METRICS_REGISTRY from global modules. */
@Module({ providers: [TelephonyCounters, CallSockets, PlainGateway, TwilioGateway] })
export class TelephonyModule {}
