import type { Provider } from '@nestjs/common';

import type { CallProtocol } from '../core/calls/protocols.js';
import { AsteriskGateway } from './asterisk/asterisk.gateway.js';
import { AUDIOHOOK_NONCES, PostgresNonces } from './audiohook/audiohook-nonces.js';
import { AudiohookGateway } from './audiohook/audiohook.gateway.js';
import { ExotelGateway } from './exotel/exotel.gateway.js';
import { FreeswitchGateway } from './freeswitch/freeswitch.gateway.js';
import { JambonzGateway } from './jambonz/jambonz.gateway.js';
import { AwsVideoStreams } from './kinesis/aws-video-streams.js';
import { KinesisCalls } from './kinesis/kinesis-calls.js';
import { VIDEO_STREAMS } from './kinesis/video-streams.port.js';
import { PlainGateway } from './plain/plain.gateway.js';
import { SignalwireGateway } from './signalwire/signalwire.gateway.js';
import { TelnyxGateway } from './telnyx/telnyx.gateway.js';
import { TwilioGateway } from './twilio/twilio.gateway.js';
import { VonageGateway } from './vonage/vonage.gateway.js';
import { PlivoGateway } from './plivo/plivo.gateway.js';
import { BandwidthGateway } from './bandwidth/bandwidth.gateway.js';
import { AzureGateway } from './azure/azure.gateway.js';
import { SinchGateway } from './sinch/sinch.gateway.js';
import { InfobipGateway } from './infobip/infobip.gateway.js';
import { PivotGateway } from './pivot/pivot.gateway.js';
import { FonosterGateway } from './fonoster/fonoster.gateway.js';

/** What serves each protocol: its gateway, and what that needs beside the sockets that all share. */
export const servers: Readonly<Record<CallProtocol, readonly Provider[]>> = {
  plain: [PlainGateway],
  twilio: [TwilioGateway],
  telnyx: [TelnyxGateway],
  signalwire: [SignalwireGateway],
  exotel: [ExotelGateway],
  audiohook: [AudiohookGateway, { provide: AUDIOHOOK_NONCES, useClass: PostgresNonces }],
  jambonz: [JambonzGateway],
  freeswitch: [FreeswitchGateway],
  vonage: [VonageGateway],
  asterisk: [AsteriskGateway],
  kinesis: [KinesisCalls, { provide: VIDEO_STREAMS, useClass: AwsVideoStreams }],
  plivo: [PlivoGateway],
  bandwidth: [BandwidthGateway],
  azure: [AzureGateway],
  sinch: [SinchGateway],
  infobip: [InfobipGateway],
  pivot: [PivotGateway],
  fonoster: [FonosterGateway],
};
