import { randomInt } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth, type HelloOptions, helloSpeaker, helloWire, withQuery } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import { UsageError } from './usage-error.js';
import type { CallFacts, CallWire } from './wire.js';

export interface AsteriskOptions extends HelloOptions {
  /** Asterisk's control messages in JSON rather than in plain text. */
  readonly json?: boolean;
}

export const asteriskSpeaker: Speaker<AsteriskOptions> = {
  options: { ...helloSpeaker.options, json: { type: 'boolean' } },
  usage: `${helloSpeaker.usage}
  --json                control messages in JSON: control_message_format = json`,
  encodings: ['mulaw', 'alaw', 'l16'],
  ratesHz: [8000, 16000, 48000],
  read: (values, env) => ({ ...helloSpeaker.read(values, env), json: values['json'] === true }),
  wire: asteriskWire,
};

/** `Dial(WebSocket/timbre/c(…)v(…))`: https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/ */
function asteriskWire(audio: CallAudio, facts: CallFacts, options: AsteriskOptions, url: string): CallWire {
  const { sampleRateHz } = audio;
  const mix = options.mixed === true ? 'mixed' : 'mono';
  const start = {
    event: 'MEDIA_START',
    connection_id: 'timbre',
    channel: `WebSocket/timbre/0x${randomInt(2 ** 40).toString(16)}`,
    channel_id: `${String(Math.floor(Date.now() / 1000))}.${String(randomInt(10_000))}`,
    format: formatOf(facts.encoding, sampleRateHz),
    optimal_frame_size: (sampleRateHz / 50) * (facts.encoding === 'l16' ? 2 : 1),
    ptime: 20,
  };
  const { event, ...fields } = start;
  const plain = [event, ...Object.entries(fields).map(([name, value]) => `${name}:${String(value)}`)];
  // What v(…) in the dial string adds to the URL.
  const { direction, attestation } = facts;
  const numbers = { from: facts.ani, to: facts.dnis, direction, attestation };
  const said = { callId: facts.callId, customerId: facts.customer, ...numbers };
  return helloWire(
    {
      headers: basicAuth(options),
      subprotocols: ['media'],
      url: withQuery(url, { mix, ...said, ...facts.metadata }),
      hello: options.json === true ? JSON.stringify({ ...start, channel_variables: {} }) : plain.join(' '),
    },
    mix,
    facts,
    facts.encoding,
  );
}

function formatOf(encoding: CallFacts['encoding'], sampleRateHz: CallAudio['sampleRateHz']): string {
  if (encoding === 'l16') return sampleRateHz === 8000 ? 'slin' : `slin${String(sampleRateHz / 1000)}`;
  if (sampleRateHz !== 8000) throw new UsageError('asterisk has G.711 at 8000 Hz only: --encoding l16');
  return encoding === 'mulaw' ? 'ulaw' : 'alaw';
}
