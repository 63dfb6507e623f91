import { Inject, Injectable } from '@nestjs/common';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import type { EnrolmentOutcome, OfferedStretch } from './enrolment-outcome.js';
import { wipeStretches } from './pending-stretches.js';
import { readRecording, type RecordingNote } from './recording.js';
import { UploadAnalysis } from './upload-analysis.js';
import { VoiceprintsService } from './voiceprints.service.js';
import { watchEnrolment } from './watch-enrolment.js';
import { toNoConsent, whyStopped } from './why-stopped.js';

/** Enrolment from a recording: the gate first, then the bytes. */
@Injectable()
export class UploadEnrolment {
  constructor(
    private readonly voiceprints: VoiceprintsService,
    private readonly analysis: UploadAnalysis,
    private readonly feed: FactFeed,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Takes the file over: it is overwritten before this returns. */
  async enrol(
    tenantId: TenantId,
    customerId: CustomerId,
    file: Uint8Array,
    callerChannel: 0 | 1 | undefined,
    offer: Pick<OfferedStretch, 'by' | 'again'>,
  ): Promise<EnrolmentOutcome> {
    const stop = new AbortController();
    const watch = watchEnrolment(this.feed, this.voiceprints, { tenantId, customerId }, (how) => {
      stop.abort(how);
    });
    try {
      const gate = await this.voiceprints.enrolmentGate(tenantId, customerId);
      if (gate.kind === 'closed') return toNoConsent(gate);
      watch.begun(gate.ticket);
      const { format, data, notes } = readRecording(file, callerChannel, this.config.maxUploadSeconds);
      const analysed = await this.analysis.run(format, data, stop.signal);
      switch (analysed.kind) {
        case 'stopped':
          if (stop.signal.reason === 'failed') throw analysisFailed();
          return await whyStopped(this.voiceprints, { tenantId, customerId });
        case 'failed':
          throw analysisFailed();
        case 'analysed':
          try {
            const offered = { ...analysed.stretch, ...offer, source: 'upload' as const, ticket: gate.ticket };
            return noted(await this.voiceprints.addStretch(tenantId, customerId, offered), notes);
          } finally {
            wipeStretches([analysed.stretch]);
          }
      }
    } finally {
      watch.over();
      file.fill(0);
    }
  }
}

/** Whoever uploads learns what their recorder does wrong, before it does worse. */
function noted(outcome: EnrolmentOutcome, notes: readonly RecordingNote[]): EnrolmentOutcome {
  const isTaken = outcome.kind === 'enrolled' || outcome.kind === 'incomplete' || outcome.kind === 'held';
  return isTaken && notes.length > 0 ? { ...outcome, notes } : outcome;
}

function analysisFailed(): ProblemError {
  return new ProblemError(503, 'analysis-failed', 'The recording could not be analysed', {
    detail: 'Nothing was stored. Try again.',
  });
}
