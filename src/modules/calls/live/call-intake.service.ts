import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { CallDescription, CallIntake, OpenCall } from '../../../core/calls/intake.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallStreams } from './call-streams.js';
import { LiveCalls } from './live-calls.js';

/** The door for the protocol adapters. */
@Injectable()
export class CallIntakeService implements CallIntake, OnModuleInit {
  constructor(
    private readonly calls: LiveCalls,
    private readonly streams: CallStreams,
    private readonly writer: CallEventWriter,
    private readonly shutdown: Shutdown,
  ) {}

  onModuleInit(): void {
    this.shutdown.register('end-calls', 'live calls', async () => {
      this.calls.endAll();
      await this.streams.settled();
      await this.streams.closeRest('shutdown');
      await this.writer.flushed();
    });
  }

  open(description: CallDescription): OpenCall {
    return this.streams.open(description);
  }
}
