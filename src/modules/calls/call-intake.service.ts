import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CallDescription, CallIntake, OpenCall } from '../../core/calls/intake.js';
import { Shutdown } from '../../platform/health/shutdown.js';
import { CallEventWriter } from './call-event-writer.js';
import { CallRegistry } from './call-registry.js';
import { LiveCalls } from './live-calls.js';

/** The door for the protocol adapters. */
@Injectable()
export class CallIntakeService implements CallIntake, OnModuleInit {
  private readonly closing = new Set<Promise<unknown>>();

  constructor(
    private readonly calls: LiveCalls,
    private readonly registry: CallRegistry,
    private readonly writer: CallEventWriter,
    private readonly shutdown: Shutdown,
  ) {}

  onModuleInit(): void {
    this.shutdown.register('end-calls', 'live calls', async () => {
      this.calls.endAll();
      while (this.closing.size > 0) await Promise.all(this.closing);
      // A platform that did not react to being told: its call is closed all the same.
      await Promise.all(this.registry.all().map((session) => this.calls.close(session, 'shutdown')));
      await this.writer.flushed();
    });
  }

  open(description: CallDescription): OpenCall {
    const { session, listeners } = this.calls.open(description);
    let closed: ReturnType<OpenCall['close']> | undefined;
    return {
      callId: session.callId,
      audio: (bytes, positionMs) => {
        session.audio(bytes, positionMs);
      },
      lost: (durationMs) => {
        session.lost(durationMs);
      },
      close: (reason) => {
        closed ??= this.track(this.calls.close(session, reason));
        return closed;
      },
      onResult: (listener) => {
        listeners.result = listener;
      },
      onEnd: (listener) => {
        listeners.end = listener;
      },
    };
  }

  private track<T>(closing: Promise<T>): Promise<T> {
    this.closing.add(closing);
    void closing.finally(() => this.closing.delete(closing)).catch(() => undefined);
    return closing;
  }
}
