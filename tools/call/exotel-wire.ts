import type { CallAudio } from './call-audio.js';
import { parametersOf, payloadOf, sid, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import { type CallFacts, type CallWire, type Frame, packetMs } from './wire.js';

export const exotelSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000, 24000],
  wire: exotelWire,
};

/** Exotel sends about 100 ms at a time. */
const packetsAMessage = 100 / packetMs;

/** The Stream applet, the caller's side alone, with the token as a password: https://developer.exotel.com/docs/agentstream/websocket-protocol */
function exotelWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions): CallWire {
  const streamSid = sid('');
  const callSid = facts.callId ?? sid('');
  const accountSid = 'timbre-call';
  let sequence = 0;
  let chunk = 0;
  let sentMs = 0;
  let waiting: Float32Array[] = [];

  const message = (event: string, body: object): string =>
    JSON.stringify({ event, sequence_number: String((sequence += 1)), stream_sid: streamSid, ...body });

  const media = (): Frame[] => {
    if (waiting.length === 0) return [];
    const samples = Float32Array.from(waiting.flatMap((part) => Array.from(part)));
    waiting = [];
    const timestamp = String(sentMs);
    sentMs += (samples.length / audio.sampleRateHz) * 1000;
    chunk += 1;
    return [
      message('media', { media: { chunk: String(chunk), timestamp, payload: payloadOf(samples, 'l16') } }),
    ];
  };

  return {
    headers: { authorization: `Basic ${Buffer.from(`timbre-call:${token}`).toString('base64')}` },
    subprotocols: [],
    begin: () => [
      JSON.stringify({ event: 'connected' }),
      message('start', {
        start: {
          stream_sid: streamSid,
          call_sid: callSid,
          account_sid: accountSid,
          from: facts.ani ?? '',
          to: facts.dnis ?? '',
          custom_parameters: parametersOf(facts),
          media_format: { encoding: 'audio/x-raw', sample_rate: String(audio.sampleRateHz), bit_rate: '16' },
        },
      }),
    ],
    packet: (channels) => {
      const caller = channels[facts.callerChannel] ?? channels[0];
      if (caller) waiting.push(caller);
      return waiting.length === packetsAMessage ? media() : [];
    },
    end: () => [
      ...media(),
      message('stop', { stop: { call_sid: callSid, account_sid: accountSid, reason: 'callended' } }),
    ],
  };
}
