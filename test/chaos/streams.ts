import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseWav } from '../../src/core/audio/wav.js';
import type { CallResult } from '../../src/core/calls/result.js';
import { speech, type Bank } from '../e2e/bank.js';
import { Client } from '../telephony/client.js';

/** A call of the platform's, on whichever process its URL leads to. */
export interface Stream {
  readonly client: Client;
  readonly callId: string;
}

/** The person whose voice `aVerifiedCall` has, as linear samples at 8 kHz. */
export async function spoken(speaker: string): Promise<Uint8Array> {
  const wav = parseWav(await readFile(speech(speaker, 'call-1')[0] ?? ''));
  if (wav.kind !== 'ok') throw new Error(wav.detail);
  return wav.data;
}

export async function aStream(bank: Bank, url: string, fields: object): Promise<Stream> {
  const client = await Client.open(
    `${url.replace(/^http/, 'ws')}/v1/telephony/stream`,
    Client.bearer(bank.tokens.telephony),
  );
  client.send({ type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 1, results: true, ...fields });
  return { client, callId: String((await client.message('started'))['callId']) };
}

export const resultsOf = ({ client }: Stream): CallResult[] =>
  client.heard.filter(({ type }) => type === 'result') as unknown as CallResult[];

/** Speaks, ten times as fast as people do and over and over, until a result is as wanted. */
export async function speakUntil(
  stream: Stream,
  audio: Uint8Array,
  wanted: (result: CallResult) => boolean,
): Promise<void> {
  for (let at = 0; !resultsOf(stream).some(wanted); at = (at + 3200) % audio.length) {
    stream.client.send(audio.subarray(at, at + 3200));
    await pause(20);
  }
}

/** A call in which the voice has been compared with the customer's, and is theirs. */
export async function aVerifiedCall(
  bank: Bank,
  url: string,
  audio: Uint8Array,
  fields: object,
): Promise<Stream> {
  const stream = await aStream(bank, url, fields);
  await speakUntil(stream, audio, ({ verification }) => verification.state === 'accepted');
  return stream;
}

/** What an agent's page hears from here on, with the snapshot first. */
export async function liveFeed(bank: Bank, url: string): Promise<Client> {
  const feed = await Client.open(`${url.replace(/^http/, 'ws')}/v1/live`, Client.bearer(bank.tokens.agent), [
    'timbre.v1',
  ]);
  await feed.message('snapshot');
  return feed;
}

/** Waits for the event, however long it takes: the test's own limit is the only clock. */
export async function event(
  feed: Client,
  kind: string,
  callId: string,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const found = feed.heard.find((message) => message['kind'] === kind && message['callId'] === callId);
    if (found) return found;
    await feed.next('event');
  }
}
