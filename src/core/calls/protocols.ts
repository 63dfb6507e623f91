/** How a protocol's calls come in, and where: a path, the variable that sets the port, or the name of the service. */
export interface ProtocolFacts {
  /** As its users call it. */
  readonly title: string;
  readonly over: 'websocket' | 'tcp' | 'grpc' | 'https';
  readonly at: string;
}

/**
 * Every protocol that brings calls, by the one name that it has everywhere: in the database, metrics and logs, as a folder of
 * src/telephony, as `timbre-call --protocol`, as a page of docs/integration. A new one begins with its line here; then the
 * compiler asks what serves it (src/telephony/protocols.ts), how the simulator speaks it (tools/call/protocols.ts) and how a peer
 * of the tests does (test/telephony/peers.ts), and test/telephony/docs.spec.ts asks for its page.
 */
export const callProtocols = {
  plain: { title: 'Timbre plain', over: 'websocket', at: '/v1/telephony/stream' },
  twilio: { title: 'Twilio Media Streams', over: 'websocket', at: '/v1/telephony/twilio' },
  telnyx: { title: 'Telnyx media streaming', over: 'websocket', at: '/v1/telephony/telnyx' },
  signalwire: { title: 'SignalWire', over: 'websocket', at: '/v1/telephony/signalwire' },
  exotel: { title: 'Exotel', over: 'websocket', at: '/v1/telephony/exotel' },
  audiohook: { title: 'Genesys AudioHook', over: 'websocket', at: '/v1/telephony/audiohook' },
  jambonz: { title: 'jambonz', over: 'websocket', at: '/v1/telephony/jambonz' },
  freeswitch: { title: 'FreeSWITCH mod_audio_fork', over: 'websocket', at: '/v1/telephony/freeswitch' },
  vonage: { title: 'Vonage Voice API', over: 'websocket', at: '/v1/telephony/vonage' },
  asterisk: { title: 'Asterisk chan_websocket', over: 'websocket', at: '/v1/telephony/asterisk' },
  kinesis: { title: 'Amazon Kinesis Video Streams', over: 'https', at: '/v1/telephony/kinesis' },
  plivo: { title: 'Plivo Audio Streaming', over: 'websocket', at: '/v1/telephony/plivo' },
  bandwidth: { title: 'Bandwidth StartStream', over: 'websocket', at: '/v1/telephony/bandwidth' },
  azure: { title: 'Azure Communication Services', over: 'websocket', at: '/v1/telephony/azure' },
  sinch: { title: 'Sinch connectStream', over: 'websocket', at: '/v1/telephony/sinch' },
  infobip: { title: 'Infobip Calls', over: 'websocket', at: '/v1/telephony/infobip' },
  pivot: { title: '2600Hz KAZOO Pivot', over: 'websocket', at: '/v1/telephony/pivot' },
  fonoster: { title: 'Fonoster', over: 'websocket', at: '/v1/telephony/fonoster' },
} as const satisfies Record<string, ProtocolFacts>;

export type CallProtocol = keyof typeof callProtocols;

export const callProtocolNames = Object.keys(callProtocols) as readonly CallProtocol[];
