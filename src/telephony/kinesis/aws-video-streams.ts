import { addAbortSignal, type Readable } from 'node:stream';

import { GetDataEndpointCommand, KinesisVideoClient } from '@aws-sdk/client-kinesis-video';
import {
  GetMediaCommand,
  KinesisVideoMediaClient,
  type StartSelector,
} from '@aws-sdk/client-kinesis-video-media';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { Injectable } from '@nestjs/common';

import type { KinesisCredential } from '../../platform/auth/kinesis-credentials.port.js';
import type { ReadFrom } from './kinesis-machine.js';
import { regionOf } from './start-request.js';
import type { VideoStreams } from './video-streams.port.js';

/** Every live call holds a connection; the SDK's own limit of 50 would make the others wait without a word. */
const mostSockets = 10_000;
/** GetMedia itself ends a body after 3 s without a fragment: a connection silent for longer is dead. */
const socketTimeoutMs = 10_000;
const connectTimeoutMs = 3000;

/** With the SDK's own clients, so that endpoints, proxies and credentials are found as in every other program on AWS. */
@Injectable()
export class AwsVideoStreams implements VideoStreams {
  private readonly clients = new Map<string, Clients>();

  async read(
    credential: KinesisCredential,
    streamArn: string,
    from: ReadFrom,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const clients = this.clientsOf(credential, regionOf(streamArn));
    const media = await clients.mediaOf(streamArn, signal);
    const StartSelector = selectorOf(from);
    const command = new GetMediaCommand({ StreamARN: streamArn, StartSelector });
    const { Payload } = await media.send(command, { abortSignal: signal });
    if (!Payload) throw new Error('GetMedia gave no body');
    // In Node the SDK's body is a readable stream; its signal is not heard any more once the head is there.
    return addAbortSignal(signal, Payload as Readable);
  }

  private clientsOf({ tenantId, roleArn }: KinesisCredential, region: string): Clients {
    const key = `${tenantId} ${roleArn} ${region}`;
    const known = this.clients.get(key) ?? new Clients(tenantId, roleArn, region);
    this.clients.set(key, known);
    return known;
  }
}

/** Of one role in one region: credentials are asked for once and renewed before they expire. */
class Clients {
  private readonly streams: KinesisVideoClient;
  private readonly config: ReturnType<typeof configOf>;
  private readonly media = new Map<string, KinesisVideoMediaClient>();

  constructor(tenantId: string, roleArn: string, region: string) {
    this.config = configOf(tenantId, roleArn, region);
    this.streams = new KinesisVideoClient(this.config);
  }

  /** AWS says for each stream where its media is; a region has few such places. */
  async mediaOf(streamArn: string, signal: AbortSignal): Promise<KinesisVideoMediaClient> {
    const command = new GetDataEndpointCommand({ StreamARN: streamArn, APIName: 'GET_MEDIA' });
    const { DataEndpoint } = await this.streams.send(command, { abortSignal: signal });
    if (DataEndpoint === undefined) throw new Error('GetDataEndpoint gave no endpoint');
    const known =
      this.media.get(DataEndpoint) ?? new KinesisVideoMediaClient({ ...this.config, endpoint: DataEndpoint });
    this.media.set(DataEndpoint, known);
    return known;
  }
}

function configOf(tenantId: string, roleArn: string, region: string) {
  const agent = { maxSockets: mostSockets, keepAlive: true };
  return {
    region,
    credentials: fromTemporaryCredentials({
      params: { RoleArn: roleArn, RoleSessionName: 'timbre', ExternalId: tenantId },
      clientConfig: { region },
    }),
    requestHandler: {
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: connectTimeoutMs,
      socketTimeout: socketTimeoutMs,
    },
  };
}

function selectorOf(from: ReadFrom): StartSelector {
  switch (from.kind) {
    case 'continuation':
      return { StartSelectorType: 'CONTINUATION_TOKEN', ContinuationToken: from.token };
    case 'produced':
      return { StartSelectorType: 'PRODUCER_TIMESTAMP', StartTimestamp: new Date(from.atMs) };
    case 'fragment':
      return { StartSelectorType: 'FRAGMENT_NUMBER', AfterFragmentNumber: from.number };
    case 'now':
      return { StartSelectorType: 'NOW' };
  }
}
