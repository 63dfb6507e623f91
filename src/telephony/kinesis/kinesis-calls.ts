import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';

import type { Clock } from '../../core/clock.js';
import { ACCESS_WATCH, type AccessWatch } from '../../platform/auth/access.port.js';
import type { KinesisCredential } from '../../platform/auth/kinesis-credentials.port.js';
import { CLOCK } from '../../platform/clock.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { METRICS_REGISTRY } from '../../platform/metrics/metrics.js';
import { CallSockets } from '../call-sockets.js';
import { KinesisMachine, type ReadFrom } from './kinesis-machine.js';
import { KinesisSource } from './kinesis-source.js';
import type { StartRequest } from './start-request.js';
import { VIDEO_STREAMS, type VideoStreams } from './video-streams.port.js';

/** Why a stream could not be read, as AWS names it: an error's class, never what it says. */
export class UnreadableStream extends Error {
  constructor(readonly fault: string) {
    super(`the stream can not be read: ${fault}`);
    this.name = 'UnreadableStream';
  }
}

/** The calls that this process reads from Kinesis video streams. */
@Injectable()
export class KinesisCalls {
  private readonly reading = new Map<string, Promise<void>>();
  private readonly reads: Counter<'outcome'>;

  constructor(
    @Inject(VIDEO_STREAMS) private readonly streams: VideoStreams,
    @Inject(CallSockets) private readonly callSockets: CallSockets,
    @Inject(ACCESS_WATCH) private readonly access: AccessWatch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.reads = new Counter({
      name: 'timbre_kinesis_reads_total',
      help: 'GetMedia requests by what came of them.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    const reading = this.reading;
    new Gauge({
      name: 'timbre_kinesis_streams',
      help: 'Kinesis video streams that are being read.',
      registers: [registry],
      collect() {
        this.set(reading.size);
      },
    });
  }

  /** Resolves when the stream is being read; false when it was already. Rejects with UnreadableStream. */
  async start(credential: KinesisCredential, request: StartRequest): Promise<boolean> {
    const key = `${credential.tenantId} ${request.streamArn} ${request.contactId}`;
    const before = this.reading.get(key);
    if (before) {
      await before;
      return false;
    }
    const started = this.begin(credential, request, () => this.reading.delete(key));
    this.reading.set(key, started);
    await started;
    return true;
  }

  private async begin(
    credential: KinesisCredential,
    request: StartRequest,
    onOver: () => void,
  ): Promise<void> {
    const { tenantId } = credential;
    const machine = new KinesisMachine(request, this.callSockets.timeouts, this.clock.nowMs());
    const read = (from: ReadFrom, signal: AbortSignal) =>
      this.read(credential, request.streamArn, from, signal);
    const failed = (error: unknown): void => {
      this.logger.warn({ tenantId, fault: faultOf(error) }, 'a Kinesis video stream could not be read');
    };
    const source = new KinesisSource({ machine, read, failed });
    const first = await read(machine.readFrom, source.signal).catch((error: unknown) => {
      onOver();
      throw new UnreadableStream(faultOf(error));
    });
    const handlers = this.callSockets.accept('kinesis', tenantId, source, () => machine);
    const unwatch = this.access.watch({ id: credential.credentialId }, () => handlers.accessEnded?.());
    void source.run(first, handlers).finally(() => {
      unwatch();
      onOver();
    });
  }

  private async read(
    credential: KinesisCredential,
    streamArn: string,
    from: ReadFrom,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    try {
      const body = await this.streams.read(credential, streamArn, from, signal);
      this.reads.inc({ outcome: 'opened' });
      return body;
    } catch (error) {
      this.reads.inc({ outcome: 'failed' });
      throw error;
    }
  }
}

function faultOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
