import { setTimeout as sleep } from 'node:timers/promises';

import type { SocketHandlers, TimbreSocket } from '../../platform/ws/gateway.js';
import type { BodyNews, KinesisMachine, ReadFrom } from './kinesis-machine.js';

/** AWS takes 5 reads a second of a stream. */
const betweenReadsMs = 500;
const afterFailureMs = 1000;
/** What was said before Timbre came is caught up so many times as fast as it was said, past the first second. */
const catchUp = 8;
const unpacedMs = 1000;

export interface SourceParts {
  readonly machine: KinesisMachine;
  readonly read: (from: ReadFrom, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  readonly failed: (error: unknown) => void;
}

/**
 * A call that Timbre reads, where others are sent: one body after the other, each as fast as the analysis takes it, so that what
 * waits does so at AWS and not here. To the rest of telephony it is a socket that is never written to.
 */
export class KinesisSource implements TimbreSocket {
  readonly bufferedAmount = 0;
  private readonly parts: SourceParts;
  private readonly over = new AbortController();
  private closeCode = 1006;

  constructor(parts: SourceParts) {
    this.parts = parts;
  }

  get signal(): AbortSignal {
    return this.over.signal;
  }

  send(): void {
    // Nobody listens at the other end.
  }

  close(code: number): void {
    if (this.signal.aborted) return;
    this.closeCode = code;
    this.over.abort();
  }

  guard(work: () => void | Promise<void>): void {
    try {
      work()?.catch((error: unknown) => {
        this.fail(error);
      });
    } catch (error) {
      this.fail(error);
    }
  }

  /** Until the call is over; never rejects. */
  async run(first: AsyncIterable<Uint8Array>, handlers: SocketHandlers): Promise<void> {
    let body: AsyncIterable<Uint8Array> | undefined = first;
    while (!this.signal.aborted) {
      const said: BodyNews = body ? await this.hear(body, handlers) : 'failed';
      this.guard(() => handlers.text?.(said));
      await this.wait(said === 'ended' ? betweenReadsMs : afterFailureMs);
      body = await this.next();
    }
    this.guard(() => handlers.closed?.(this.closeCode));
  }

  private async hear(body: AsyncIterable<Uint8Array>, handlers: SocketHandlers): Promise<BodyNews> {
    const { machine } = this.parts;
    const startedMs = performance.now();
    const fromMs = machine.audioMs;
    try {
      for await (const chunk of body) {
        if (this.signal.aborted) break;
        this.guard(() => handlers.binary?.(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
        if (machine.wantsNewBody) break;
        const dueMs = startedMs + (machine.audioMs - fromMs - unpacedMs) / catchUp;
        await this.wait(dueMs - performance.now());
      }
      return 'ended';
    } catch {
      // The network broke it, or the call is over: either way it goes on from the last token.
      return 'ended';
    }
  }

  private async wait(ms: number): Promise<void> {
    // Rejects when the call is over, which whoever waits looks at anyway.
    if (ms > 0) await sleep(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  private async next(): Promise<AsyncIterable<Uint8Array> | undefined> {
    if (this.signal.aborted) return undefined;
    const { machine, read } = this.parts;
    return read(machine.readFrom, this.signal).catch((error: unknown) => {
      if (!this.signal.aborted) this.parts.failed(error);
      return undefined;
    });
  }

  private fail(error: unknown): void {
    this.parts.failed(error);
    this.close(1011);
  }
}
