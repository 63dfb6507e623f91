import { type CallProtocol, callProtocolNames } from '../../src/core/calls/protocols.js';
import { asteriskSpeaker } from './asterisk-wire.js';
import { audiohookSpeaker } from './audiohook-wire.js';
import { exotelSpeaker } from './exotel-wire.js';
import { freeswitchSpeaker } from './freeswitch-wire.js';
import { jambonzSpeaker } from './jambonz-wire.js';
import { kinesisSpeaker } from './kinesis-wire.js';
import { plainSpeaker } from './plain-wire.js';
import { signalwireSpeaker } from './signalwire-wire.js';
import type { Speaker } from './speaker.js';
import { telnyxSpeaker } from './telnyx-wire.js';
import { twilioSpeaker } from './twilio-wire.js';
import { vonageSpeaker } from './vonage-wire.js';
import { plivoSpeaker } from './plivo-wire.js';
import { bandwidthSpeaker } from './bandwidth-wire.js';
import { azureSpeaker } from './azure-wire.js';
import { sinchSpeaker } from './sinch-wire.js';
import { infobipSpeaker } from './infobip-wire.js';
import { twilioLikeSpeaker } from './twilio-like-wire.js';

/** How the simulator speaks each protocol. */
export const speakers = {
  plain: plainSpeaker,
  twilio: twilioSpeaker,
  telnyx: telnyxSpeaker,
  signalwire: signalwireSpeaker,
  exotel: exotelSpeaker,
  audiohook: audiohookSpeaker,
  jambonz: jambonzSpeaker,
  freeswitch: freeswitchSpeaker,
  vonage: vonageSpeaker,
  asterisk: asteriskSpeaker,
  kinesis: kinesisSpeaker,
  plivo: plivoSpeaker,
  bandwidth: bandwidthSpeaker,
  azure: azureSpeaker,
  sinch: sinchSpeaker,
  infobip: infobipSpeaker,
  pivot: twilioLikeSpeaker,
  fonoster: twilioLikeSpeaker,
} satisfies Record<CallProtocol, unknown>;

export type ProtocolName = CallProtocol;

type OptionsOf<Spoken> = Spoken extends Speaker<infer Options> ? Options : never;

/** A protocol with its own options: `{ kind: 'plain', token: '…' }`. */
export type ProtocolChoice = {
  [Name in ProtocolName]: { readonly kind: Name } & OptionsOf<(typeof speakers)[Name]>;
}[ProtocolName];

export const protocolNames = callProtocolNames;

/** The table cannot tell the compiler that a choice's options fit the speaker of its kind; its type above does. */
export function speakerOf(name: ProtocolName): Speaker<unknown> {
  return speakers[name];
}
