import { Inject, Injectable } from '@nestjs/common';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { endsEnrolment } from './ends-enrolment.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import { wipeStretches } from './pending-stretches.js';
import { readRecording, type RecordingNote } from './recording.js';
import { UploadAnalysis } from './upload-analysis.js';
import { VoiceprintsService } from './voiceprints.service.js';
import { toNoConsent, whyStopped } from './why-stopped.js';

/** Enrolment from a recording: the gate first, then the bytes. */
@Injectable()
export class UploadEnrolment {
  constructor(
    private readonly voiceprints: VoiceprintsService,
    private readonly analysis: UploadAnalysis,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes the file over: it is overwritten before this returns. */
  async enrol(
    tenantId: TenantId,
    customerId: CustomerId,
    file: Uint8Array,
    callerChannel: 0 | 1 | undefined,
  ): Promise<EnrolmentOutcome> {
    const stop = new AbortController();
    // Subscribed before the gate is asked: what changes after its answer is heard.
    const unsubscribe = this.bus.subscribe((message) => {
      if (endsEnrolment(message, customerId)) stop.abort();
    });
    try {
      const gate = await this.voiceprints.enrolmentGate(tenantId, customerId);
      if (gate.kind === 'closed') return toNoConsent(gate);
      const { format, data, notes } = readRecording(file, callerChannel, this.config.maxUploadSeconds);
      const analysed = await this.analysis.run(format, data, stop.signal);
      switch (analysed.kind) {
        case 'stopped':
          return await whyStopped(this.voiceprints, { tenantId, customerId });
        case 'failed':
          throw new ProblemError(503, 'analysis-failed', 'The recording could not be analysed', {
            detail: 'Nothing was stored. Try again.',
          });
        case 'analysed':
          try {
            const offered = { ...analysed.stretch, source: 'upload' as const, ticket: gate.ticket };
            return noted(await this.voiceprints.addStretch(tenantId, customerId, offered), notes);
          } finally {
            wipeStretches([analysed.stretch]);
          }
      }
    } finally {
      unsubscribe();
      file.fill(0);
    }
  }
}

/** Whoever uploads learns what their recorder does wrong, before it does worse. */
function noted(outcome: EnrolmentOutcome, notes: readonly RecordingNote[]): EnrolmentOutcome {
  const isTaken = outcome.kind === 'enrolled' || outcome.kind === 'incomplete';
  return isTaken && notes.length > 0 ? { ...outcome, notes } : outcome;
}
