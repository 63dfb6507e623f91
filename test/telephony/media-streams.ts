import { exotel } from '../../src/telephony/exotel/exotel-dialect.js';
import type { Dialect } from '../../src/telephony/media-streams/dialect.js';
import { fonoster } from '../../src/telephony/fonoster/fonoster-dialect.js';
import { pivot } from '../../src/telephony/pivot/pivot-dialect.js';
import { plivo } from '../../src/telephony/plivo/plivo-dialect.js';
import { signalwire } from '../../src/telephony/signalwire/signalwire-dialect.js';
import { telnyx } from '../../src/telephony/telnyx/telnyx-dialect.js';
import { twilio } from '../../src/telephony/twilio/twilio-dialect.js';

/** 20 ms of µ-law silence. */
export const mulawPacket = Buffer.alloc(160, 0xff);
/** 100 ms of 16-bit silence at 8 kHz. */
export const l16Packet = Buffer.alloc(1600);

export interface Packet {
  readonly chunk?: number;
  readonly timestampMs?: number;
  readonly bytes?: Uint8Array;
  readonly track?: 'inbound' | 'outbound';
  readonly sequence?: number;
  readonly stream?: string;
}

/** One platform's messages as its own pages show them. */
export interface Platform {
  readonly dialect: Dialect;
  readonly accountId: string | undefined;
  readonly packet: Buffer;
  readonly packetMs: number;
  readonly connected: object;
  start(format?: object, parameters?: Readonly<Record<string, string>>): object;
  media(packet?: Packet): object;
  /** Of the stream, or of another one. */
  stop(stream?: string): object;
  readonly dtmf: object;
  /** The fields that a call can not do without, by message; what their absence is called. */
  readonly needs: {
    readonly start: readonly (readonly [path: string, code: string])[];
    readonly media: readonly string[];
  };
  /** The fields of audio that it can do without. */
  readonly spare: readonly string[];
  /** Media formats that Timbre does not take. */
  readonly foreign: readonly object[];
}

const accountId = 'AC0123456789abcdef0123456789abcdef';

/** https://www.twilio.com/docs/voice/media-streams/websocket-messages */
export const twilioPlatform: Platform = {
  dialect: twilio,
  accountId,
  packet: mulawPacket,
  packetMs: 20,
  connected: { event: 'connected', protocol: 'Call', version: '1.0.0' },
  start: (mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 }, parameters = {}) => ({
    event: 'start',
    sequenceNumber: '1',
    start: {
      accountSid: accountId,
      streamSid: 'MZ1',
      callSid: 'CA1',
      tracks: ['inbound'],
      mediaFormat,
      customParameters: parameters,
    },
    streamSid: 'MZ1',
  }),
  media: ({
    chunk = 1,
    timestampMs = 0,
    bytes = mulawPacket,
    track = 'inbound',
    sequence = 2,
    stream = 'MZ1',
  } = {}) => ({
    event: 'media',
    sequenceNumber: String(sequence),
    media: { track, chunk: String(chunk), timestamp: String(timestampMs), payload: base64(bytes) },
    streamSid: stream,
  }),
  stop: (stream = 'MZ1') => ({
    event: 'stop',
    sequenceNumber: '9',
    streamSid: stream,
    stop: { accountSid: accountId, callSid: 'CA1' },
  }),
  dtmf: {
    event: 'dtmf',
    streamSid: 'MZ1',
    sequenceNumber: '5',
    dtmf: { track: 'inbound_track', digit: '1' },
  },
  needs: {
    start: [
      ['streamSid', 'invalid-field'],
      ['start', 'invalid-field'],
      ['start.accountSid', 'invalid-field'],
      ['start.callSid', 'invalid-field'],
      ['start.mediaFormat', 'unsupported-format'],
      ['start.mediaFormat.encoding', 'unsupported-format'],
      ['start.mediaFormat.sampleRate', 'unsupported-format'],
    ],
    media: ['media', 'media.payload'],
  },
  spare: ['streamSid', 'media.track', 'media.chunk', 'media.timestamp'],
  foreign: [
    { encoding: 'audio/x-l16', sampleRate: 8000, channels: 1 },
    { encoding: 'audio/x-mulaw', sampleRate: 16000, channels: 1 },
    { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 2 },
  ],
};

/** https://signalwire.com/docs/compatibility-api/cxml/voice/stream */
export const signalwirePlatform: Platform = {
  ...twilioPlatform,
  dialect: signalwire,
  accountId: undefined,
  needs: {
    start: [
      ['start', 'invalid-field'],
      ['start.streamSid', 'invalid-field'],
      ['start.callSid', 'invalid-field'],
      ['start.mediaFormat', 'unsupported-format'],
      ['start.mediaFormat.encoding', 'unsupported-format'],
      ['start.mediaFormat.sampleRate', 'unsupported-format'],
    ],
    media: ['media', 'media.payload'],
  },
  spare: twilioPlatform.spare,
  foreign: [
    { encoding: 'audio/g729', sampleRate: 8000, channels: 1 },
    { encoding: 'audio/x-L16', sampleRate: 22050, channels: 1 },
    { encoding: 'audio/x-L16', sampleRate: 16000, channels: 2 },
  ],
};

/** https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming */
export const telnyxPlatform: Platform = {
  dialect: telnyx,
  accountId: undefined,
  packet: mulawPacket,
  packetMs: 20,
  connected: { event: 'connected', version: '1.0.0' },
  start: (mediaFormat = { encoding: 'PCMU', sample_rate: 8000, channels: 1 }, parameters = {}) => ({
    event: 'start',
    sequence_number: '1',
    start: {
      user_id: '3E6F995F-85F7-4705-9741-53B116D28237',
      call_control_id: 'v2:T02llQ',
      call_session_id: 'ff55a038-6f5d-11ef-9692-02420aeffb1f',
      from: '+15550100',
      to: '+15550199',
      tags: ['TAG1'],
      client_state: null,
      custom_parameters: parameters,
      media_format: mediaFormat,
    },
    stream_id: '32DE0DEA',
  }),
  media: ({
    chunk = 1,
    timestampMs = 0,
    bytes = mulawPacket,
    track = 'inbound',
    sequence = chunk + 1,
    stream = '32DE0DEA',
  } = {}) => ({
    event: 'media',
    sequence_number: String(sequence),
    media: { track, chunk: String(chunk), timestamp: String(timestampMs), payload: base64(bytes) },
    stream_id: stream,
  }),
  stop: (stream = '32DE0DEA') => ({
    event: 'stop',
    sequence_number: '9',
    stop: { user_id: '3E6F995F', call_control_id: 'v2:T02llQ' },
    stream_id: stream,
  }),
  dtmf: {
    event: 'dtmf',
    stream_id: '32DE0DEA',
    occurred_at: '2025-06-05T08:54:19.698408Z',
    sequence_number: '2',
    dtmf: { digit: '1' },
  },
  needs: {
    start: [
      ['stream_id', 'invalid-field'],
      ['start', 'invalid-field'],
      ['start.call_control_id', 'invalid-field'],
      ['start.media_format', 'unsupported-format'],
      ['start.media_format.encoding', 'unsupported-format'],
      ['start.media_format.sample_rate', 'unsupported-format'],
    ],
    media: ['media', 'media.payload'],
  },
  spare: ['sequence_number', 'stream_id', 'media.track', 'media.chunk', 'media.timestamp'],
  foreign: [
    { encoding: 'G729', sample_rate: 8000, channels: 1 },
    { encoding: 'OPUS', sample_rate: 16000, channels: 1 },
    { encoding: 'AMR-WB', sample_rate: 16000, channels: 1 },
    { encoding: 'PCMU', sample_rate: 16000, channels: 1 },
    { encoding: 'L16', sample_rate: 22050, channels: 1 },
  ],
};

/** https://developer.exotel.com/docs/agentstream/websocket-protocol */
export const exotelPlatform: Platform = {
  dialect: exotel,
  accountId: undefined,
  packet: l16Packet,
  packetMs: 100,
  connected: { event: 'connected' },
  start: (
    mediaFormat = { encoding: 'audio/x-raw', sample_rate: '8000', bit_rate: '16' },
    parameters = {},
  ) => ({
    event: 'start',
    sequence_number: '1',
    stream_sid: 'MZ1',
    start: {
      stream_sid: 'MZ1',
      call_sid: 'CA1',
      account_sid: 'AC1',
      from: '+15550100',
      to: '+15550199',
      custom_parameters: parameters,
      media_format: mediaFormat,
    },
  }),
  media: ({ chunk = 1, timestampMs = 0, bytes = l16Packet, track, sequence = 2, stream = 'MZ1' } = {}) => ({
    event: 'media',
    sequence_number: String(sequence),
    stream_sid: stream,
    media: {
      ...(track === undefined ? {} : { track }),
      chunk: String(chunk),
      timestamp: String(timestampMs),
      payload: base64(bytes),
    },
  }),
  stop: (stream = 'MZ1') => ({
    event: 'stop',
    sequence_number: '9',
    stream_sid: stream,
    stop: { call_sid: 'CA1', account_sid: 'AC1', reason: 'callended' },
  }),
  dtmf: { event: 'dtmf', sequence_number: '7', stream_sid: 'MZ1', dtmf: { digit: '5', duration: '100' } },
  needs: {
    start: [
      ['stream_sid', 'invalid-field'],
      ['start', 'invalid-field'],
      ['start.call_sid', 'invalid-field'],
      ['start.media_format', 'unsupported-format'],
      ['start.media_format.encoding', 'unsupported-format'],
      ['start.media_format.sample_rate', 'unsupported-format'],
    ],
    media: ['media', 'media.payload'],
  },
  spare: ['stream_sid', 'media.chunk', 'media.timestamp'],
  foreign: [
    { encoding: 'audio/opus', sample_rate: '8000' },
    { encoding: 'audio/x-raw', sample_rate: '11025' },
  ],
};

/** https://www.plivo.com/docs/voice/xml/the-stream-element */
export const plivoPlatform: Platform = {
  dialect: plivo,
  accountId: undefined,
  packet: mulawPacket,
  packetMs: 20,
  connected: { event: 'connected' },
  start: (mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000 }, parameters = {}) => ({
    event: 'start',
    sequenceNumber: 0,
    start: { callId: 'c1', streamId: 's1', accountId: 'MA1', tracks: ['inbound'], mediaFormat },
    extra_headers: Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
  }),
  media: ({ chunk = 1, timestampMs = 0, bytes = mulawPacket, track = 'inbound', stream = 's1' } = {}) => ({
    event: 'media',
    sequenceNumber: chunk,
    streamId: stream,
    media: { track, timestamp: String(timestampMs), chunk, payload: base64(bytes) },
  }),
  stop: (stream = 's1') => ({ event: 'stop', sequenceNumber: 9, streamId: stream }),
  dtmf: { event: 'dtmf', sequenceNumber: 2, streamId: 's1', dtmf: { track: 'inbound', digit: '1' } },
  needs: {
    start: [
      ['start', 'invalid-field'],
      ['start.callId', 'invalid-field'],
      ['start.streamId', 'invalid-field'],
      ['start.mediaFormat', 'unsupported-format'],
      ['start.mediaFormat.encoding', 'unsupported-format'],
      ['start.mediaFormat.sampleRate', 'unsupported-format'],
    ],
    media: ['media', 'media.payload'],
  },
  spare: ['streamId', 'media.track', 'media.chunk', 'media.timestamp'],
  foreign: [
    { encoding: 'audio/opus', sampleRate: 8000 },
    { encoding: 'audio/x-mulaw', sampleRate: 16000 },
  ],
};

/** In Fonoster's `twilio` mode. */
export const fonosterPlatform: Platform = {
  ...signalwirePlatform,
  dialect: fonoster,
  needs: {
    ...signalwirePlatform.needs,
    start: signalwirePlatform.needs.start.filter(([path]) => path !== 'start.streamSid'),
  },
};

export const pivotPlatform: Platform = { ...fonosterPlatform, dialect: pivot };

export const platforms: readonly Platform[] = [
  plivoPlatform,
  fonosterPlatform,
  pivotPlatform,
  twilioPlatform,
  signalwirePlatform,
  telnyxPlatform,
  exotelPlatform,
];

/** The stream that carries the agent's side too, where the platform says which it carries. */
export function withBothTracks(platform: Platform): object {
  const start = platform.start() as { readonly start: object };
  return { ...start, start: { ...start.start, tracks: ['inbound', 'outbound'] } };
}

/** The message with one field gone: `start.callSid`. */
export function without(message: object, path: string): object {
  const [name = '', ...rest] = path.split('.');
  const entries = Object.entries(message).flatMap(([key, value]: [string, unknown]) => {
    if (key !== name) return [[key, value]];
    return rest.length === 0 ? [] : [[key, without(value as object, rest.join('.'))]];
  });
  return Object.fromEntries(entries) as object;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
