import { createHmac, randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { encoders } from './call-audio.js';
import { aFragment, fragmentNumber } from './kinesis-media.js';
import { KinesisStandIn } from './kinesis-stand-in.js';
import type { CallLine, Closed, Connection } from './line.js';
import type { Speaker } from './speaker.js';
import { required } from './usage-error.js';
import type { CallFacts, CallWire, Frame } from './wire.js';

export interface KinesisOptions {
  readonly credentialId: string;
  readonly secret: string;
  /** Where the stand-in for AWS listens: Timbre has to be pointed at it. */
  readonly listen: number;
}

const defaultPort = 9180;
const fragmentPackets = 50;

export const kinesisSpeaker: Speaker<KinesisOptions> = {
  options: { credential: { type: 'string' }, secret: { type: 'string' }, listen: { type: 'string' } },
  usage: `  --credential ID       of the kinesis credential
  --secret whsec_…      that signs the start; or TIMBRE_KINESIS_SECRET in the environment
  --listen PORT         where timbre-call stands in for AWS; default ${String(defaultPort)}. Start Timbre with
                        AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL_KINESIS_VIDEO set to http://127.0.0.1:PORT`,
  encodings: ['l16'],
  ratesHz: [8000],
  read: (values, env) => ({
    credentialId: required(values['credential'], '--credential'),
    secret: required(values['secret'] ?? env['TIMBRE_KINESIS_SECRET'], '--secret'),
    listen: Number(values['listen'] ?? defaultPort),
  }),
  wire: kinesisWire,
};

/** Amazon Connect and the Lambda function of docs/integration/kinesis.md. */
function kinesisWire(audio: CallAudio, facts: CallFacts, options: KinesisOptions): CallWire {
  const contactId = facts.callId ?? randomUUID();
  const stereo = audio.channels.length === 2;
  return {
    headers: {},
    subprotocols: [],
    dial: (url) => dial(url, contactId, facts, options, stereo),
    begin: () => [],
    packet: (channels) => {
      const [caller, agent] =
        facts.callerChannel === 0 ? channels : [channels[1] ?? channels[0], channels[0]];
      return [caller, stereo ? agent : undefined].flatMap((side) => (side ? [encoders.l16(side)] : []));
    },
    end: () => 'hang-up',
  };
}

async function dial(
  url: string,
  contactId: string,
  facts: CallFacts,
  options: KinesisOptions,
  stereo: boolean,
): Promise<Connection> {
  const startedMs = Date.now();
  const standIn = await KinesisStandIn.listen(options.listen);
  const streamArn = 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/timbre-call/1700000000000';
  const { customer: customerId, ani, dnis, direction, attestation, metadata } = facts;
  const about = { customerId, ani, dnis, direction, attestation, metadata };
  const body = JSON.stringify({ streamArn, contactId, startTimestampMs: startedMs, ...about });
  const at = `${url.replace(/^ws/, 'http')}/${options.credentialId}`;
  const answer = await fetch(at, {
    method: 'POST',
    headers: signed(contactId, body, options.secret),
    body,
  }).catch((error: unknown) => (error as Error).message);
  if (typeof answer === 'string' || answer.status !== 202) {
    await standIn.close();
    if (typeof answer === 'string') return { kind: 'unreachable', reason: answer };
    const { title = '' } = (await answer.json()) as { title?: string };
    return { kind: 'refused', status: answer.status, title };
  }
  const line = new StreamLine(standIn, contactId, startedMs, stereo);
  return { kind: 'open', socket: line, closed: line.closed };
}

/** Standard Webhooks; one start for each contact. */
function signed(id: string, body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

/** Packets in, fragments of a second out. */
class StreamLine implements CallLine {
  readyState = 1;
  readonly bufferedAmount = 0;
  readonly closed: Promise<Closed>;
  private readonly standIn: KinesisStandIn;
  private readonly contactId: string;
  private readonly stereo: boolean;
  private atMs: number;
  private packets: Uint8Array[] = [];
  private number = 0;

  constructor(standIn: KinesisStandIn, contactId: string, atMs: number, stereo: boolean) {
    this.standIn = standIn;
    this.contactId = contactId;
    this.atMs = atMs;
    this.stereo = stereo;
    this.closed = new Promise((resolve) => {
      standIn.onLeft = () => {
        this.readyState = 3;
        void standIn.close().then(() => {
          resolve({ code: 1000, reason: '' });
        });
      };
    });
  }

  send(frame: Frame, sent: () => void): void {
    if (typeof frame !== 'string') this.packets.push(frame);
    if (this.packets.length >= fragmentPackets * (this.stereo ? 2 : 1)) this.put(this.contactId);
    sent();
  }

  /** The next contact gets the stream: that is how Timbre learns at once that this one is over. */
  close(): void {
    this.readyState = 2;
    this.put(this.contactId);
    this.packets = [new Uint8Array(320), ...(this.stereo ? [new Uint8Array(320)] : [])];
    this.put('the-next-contact');
  }

  terminate(): void {
    this.standIn.breakBodies();
  }

  on(): void {
    // Nothing is ever said back.
  }

  private put(contactId: string): void {
    const side = (first: number): Buffer => Buffer.concat(this.packets.filter((_, i) => i % 2 === first));
    const whole = Buffer.concat(this.packets);
    const audio = this.stereo
      ? { AUDIO_FROM_CUSTOMER: side(0), AUDIO_TO_CUSTOMER: side(1) }
      : { AUDIO_FROM_CUSTOMER: whole };
    this.number += 1;
    const bytes = aFragment({ number: this.number, atMs: this.atMs, audio, contactId });
    if (audio.AUDIO_FROM_CUSTOMER.length > 0) {
      this.standIn.put({ number: fragmentNumber(this.number), producedMs: this.atMs, bytes });
    }
    this.atMs += audio.AUDIO_FROM_CUSTOMER.length / 16;
    this.packets = [];
  }
}
