import type { TokenId } from '../../../core/ids.js';
import { Inject, Injectable } from '@nestjs/common';
import type { StreamFormat } from '../../../core/audio/stream-format.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import type { Owner } from './customer-keys.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import { StreamEnrolment, type EnrolmentNews } from './stream-enrolment.js';
import { VoiceprintsService } from './voiceprints.service.js';
import { watchEnrolment } from './watch-enrolment.js';
import { toNoConsent } from './why-stopped.js';

export type Beginning =
  | {
      readonly kind: 'begun';
      readonly enrolment: StreamEnrolment;
      readonly neededMs: number;
      /** From earlier uploads, calls or visits. */
      readonly alreadyMs: number;
    }
  | Extract<EnrolmentOutcome, { kind: 'no-consent' }>;

/** Enrolment of somebody who speaks just now: the gate first, then the engine, and a withdrawal ends it at once. */
@Injectable()
export class StreamEnrolments {
  constructor(
    private readonly voiceprints: VoiceprintsService,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    private readonly feed: FactFeed,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** `by`: whose link the customer came with. Throws customer-not-found. Who has begun ends it: finish or cancel. */
  async begin(owner: Owner, by: TokenId, format: StreamFormat, news: EnrolmentNews): Promise<Beginning> {
    const { tenantId, customerId } = owner;
    let enrolment: StreamEnrolment | undefined;
    let ended: 'stopped' | 'failed' | undefined;
    const watch = watchEnrolment(this.feed, this.voiceprints, owner, (how) => {
      ended = how;
      enrolment?.end(how);
    });
    try {
      const gate = await this.voiceprints.enrolmentGate(tenantId, customerId);
      if (gate.kind === 'closed') {
        watch.over();
        return toNoConsent(gate);
      }
      const policy = await this.policies.current(tenantId);
      const { pending } = await this.voiceprints.current(tenantId, customerId);
      const alreadyMs = pending?.netSpeechMs ?? 0;
      const { maxUploadSeconds } = this.config;
      const speaker = {
        owner,
        by,
        policy,
        alreadyMs,
        ticket: gate.ticket,
        atMostMs: maxUploadSeconds * 1000,
      };
      enrolment = new StreamEnrolment(this.engine, this.voiceprints, speaker, format, news, () => {
        watch.over();
      });
      watch.begun(gate.ticket);
      if (ended !== undefined) enrolment.end(ended);
      return { kind: 'begun', enrolment, neededMs: policy.enrolment.minNetSpeechMs, alreadyMs };
    } catch (error) {
      watch.over();
      throw error;
    }
  }
}
