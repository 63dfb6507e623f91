import type { KinesisCredential } from '../../platform/auth/kinesis-credentials.port.js';
import type { ReadFrom } from './kinesis-machine.js';

/** Kinesis Video Streams, as far as Timbre reads them. */
export interface VideoStreams {
  /** A body of GetMedia, as it comes; rejects with what AWS calls the fault. The signal ends it. */
  read(
    credential: KinesisCredential,
    streamArn: string,
    from: ReadFrom,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
}

export const VIDEO_STREAMS = Symbol('VideoStreams');
