import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { IsNull, Not } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { Scorer } from '../../../core/speaker/scoring.js';
import type { EndedVoice } from '../../../core/speaker/verifier.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { METRICS_REGISTRY } from '../../../platform/metrics/metrics.js';
import { addMeasuredCall } from '../../installation/accuracy/measured-calls.js';
import { MeanVoiceGathering } from '../../installation/mean-voices/mean-voice-gathering.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { Voiceprint } from '../voiceprints/voiceprint.entity.js';
import { mayBeMeasured } from './may-be-measured.js';
import { StrangerLlrs } from './stranger-llrs.js';

type Outcome = 'counted' | 'not-allowed' | 'nobody-to-compare' | 'dropped';

/** Calls that wait for their measurement: one is measured at a time, and a voice is not kept longer for it than this many take. */
const waitAtMost = 100;

/**
 * At the end of a call its voice is held against voiceprints of other customers: strangers by construction. Counts alone are kept. It
 * is gathered for the tenant's mean voice, too. Never
 * on the way from audio to a score, and one call at a time.
 */
@Injectable()
export class OwnCallersMeasuring {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly tenantKeys: TenantKeys,
    private readonly strangers: StrangerLlrs,
    private readonly meanVoices: MeanVoiceGathering,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.outcomes = new Counter({
      name: 'timbre_own_caller_measurements_total',
      help: 'Ended calls whose voice could count towards how often strangers are accepted, by what came of it',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  /** The voice is overwritten, whatever comes of this. */
  async measure(tenantId: TenantId, customerId: CustomerId, ended: EndedVoice): Promise<void> {
    if (this.waiting >= waitAtMost) {
      ended.direction.fill(0);
      this.outcomes.inc({ outcome: 'dropped' });
      return;
    }
    this.waiting += 1;
    const before = this.last;
    const turn = (async () => {
      await before;
      return this.inTurn(tenantId, customerId, ended);
    })();
    this.last = turn.catch(() => undefined);
    try {
      this.outcomes.inc({ outcome: await turn });
    } finally {
      this.waiting -= 1;
      ended.direction.fill(0);
    }
  }

  private async inTurn(tenantId: TenantId, customerId: CustomerId, ended: EndedVoice): Promise<Outcome> {
    const policy = await this.policies.current(tenantId);
    const isAllowed = await this.database.forTenant(tenantId, (em) =>
      mayBeMeasured(em, customerId, policy, this.clock.nowMs()),
    );
    if (!isAllowed) return 'not-allowed';
    const { modelId, modelSha256, direction } = ended;
    await this.meanVoices.add(tenantId, customerId, { modelId, modelSha256, direction: direction.slice() });
    const strangerLlrs = await this.compare(tenantId, customerId, ended, policy);
    return strangerLlrs.length === 0
      ? 'nobody-to-compare'
      : this.store(tenantId, customerId, ended, policy, strangerLlrs);
  }

  private async compare(
    tenantId: TenantId,
    customerId: CustomerId,
    { modelSha256, centre, direction, netSpeechMs, likeness, snrDb }: EndedVoice,
    policy: Policy,
  ): Promise<number[]> {
    const model = this.engine.models.find(({ sha256 }) => sha256 === modelSha256);
    if (!model) return [];
    const scorer = new Scorer(model, centre);
    const voice = scorer.ready(direction, netSpeechMs, likeness);
    if (!voice) return [];
    const ring = await this.tenantKeys.ring(tenantId);
    try {
      return await this.strangers.of(
        { tenantId, customerId, modelSha256, voice, snrDb, scorer },
        policy,
        ring,
      );
    } finally {
      ring.wipe();
      voice.direction.fill(0);
    }
  }

  /** Asks once more: whoever said no meanwhile does not count. */
  private store(
    tenantId: TenantId,
    customerId: CustomerId,
    { voiceprintId, modelId, modelSha256, meanVoiceVersion = 0, ownLlr }: EndedVoice,
    policy: Policy,
    strangerLlrs: readonly number[],
  ): Promise<Outcome> {
    return this.database.forTenant(tenantId, async (em) => {
      const nowMs = this.clock.nowMs();
      if (!(await mayBeMeasured(em, customerId, policy, nowMs))) return 'not-allowed';
      const countsAnew = async (measurementId: string): Promise<boolean> => {
        const earlier = [{ countedIn: IsNull() }, { countedIn: Not(measurementId) }];
        const where = earlier.map((counted) => ({ voiceprintId, ...counted }));
        if (!(await em.existsBy(Voiceprint, where))) return false;
        await em.update(Voiceprint, { voiceprintId }, { countedIn: measurementId });
        return true;
      };
      const under = { tenantId, modelId, modelSha256, meanVoiceVersion };
      await addMeasuredCall(em, under, { strangerLlrs, ownLlr }, countsAnew, new Date(nowMs));
      return 'counted';
    });
  }
}
