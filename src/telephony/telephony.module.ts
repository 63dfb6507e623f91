import { Module } from '@nestjs/common';

import { AsteriskGateway } from './asterisk/asterisk.gateway.js';
import { AUDIOHOOK_NONCES, PostgresNonces } from './audiohook/audiohook-nonces.js';
import { AudiohookGateway } from './audiohook/audiohook.gateway.js';
import { CallSockets } from './call-sockets.js';
import { ExotelGateway } from './exotel/exotel.gateway.js';
import { FreeswitchGateway } from './freeswitch/freeswitch.gateway.js';
import { JambonzGateway } from './jambonz/jambonz.gateway.js';
import { PlainGateway } from './plain/plain.gateway.js';
import { SignalwireGateway } from './signalwire/signalwire.gateway.js';
import { TelephonyCounters } from './telephony-counters.js';
import { TelnyxGateway } from './telnyx/telnyx.gateway.js';
import { TwilioGateway } from './twilio/twilio.gateway.js';
import { VonageGateway } from './vonage/vonage.gateway.js';

/**
 * Needs CALL_INTAKE, AUTHENTICATOR, TWILIO_CREDENTIALS, AUDIOHOOK_CREDENTIALS, CLOCK, CONFIG, METRICS_REGISTRY and a Database from
 * global modules.
 */
@Module({
  providers: [
    TelephonyCounters,
    CallSockets,
    PlainGateway,
    TwilioGateway,
    TelnyxGateway,
    SignalwireGateway,
    ExotelGateway,
    AudiohookGateway,
    JambonzGateway,
    FreeswitchGateway,
    VonageGateway,
    AsteriskGateway,
    { provide: AUDIOHOOK_NONCES, useClass: PostgresNonces },
  ],
})
export class TelephonyModule {}
