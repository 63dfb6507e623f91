import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { CallId, ConsentId, CustomerId, TenantId, VoiceprintId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import type { AnalysisEngine, AnalysisEvent, AnalysisRequest } from '../../../engine/engine.port.js';
import { CallSession } from './call-session.js';

const customerId = 'customer' as CustomerId;
const aModel = (id: string) => ({
  id,
  sha256: id,
  embeddingSize: 2,
  calibration: { scale: 40, offset: -10, modelSha256: id },
  segment: { lengthMs: 3000, hopMs: 1000 },
});
/** To the previous model the customer sounds like this, and to the next one like that. */
const voice = { previous: Float32Array.of(1, 0), next: Float32Array.of(0, 1) };
const context = (modelId: 'previous' | 'next'): ClaimContext => ({
  kind: 'ready',
  customerId,
  consentId: 'consent' as ConsentId,
  validUntilMs: Infinity,
  voiceprintId: `voiceprint of ${modelId}` as VoiceprintId,
  voiceprint: voice[modelId],
  netSpeechMs: 30_000,
  modelId,
  ...(modelId === 'previous' && {
    migration: {
      toModelId: 'next',
      neededMs: 8000,
      ticket: { consentId: 'consent' as ConsentId, erasures: 0 },
    },
  }),
});
const description: CallDescription = {
  tenantId: 'tenant' as TenantId,
  protocol: 'plain',
  externalId: 'external',
  format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
  ani: undefined,
  dnis: undefined,
  claimedCustomer: undefined,
  metadata: {},
};

/** The engine's port, knowing which models it was asked for. */
class TwoModels implements AnalysisEngine {
  readonly models = [aModel('next'), aModel('previous')] as const;
  readonly model = this.models[0];
  wanted: readonly string[] = [];
  tell: (event: AnalysisEvent) => void = () => undefined;

  open({ models = [] }: AnalysisRequest, listener: (event: AnalysisEvent) => void) {
    this.wanted = models;
    this.tell = listener;
    return {
      push: () => undefined,
      lost: () => undefined,
      forgetBefore: () => undefined,
      useModels: (models: readonly string[]) => {
        this.wanted = models;
      },
      flush: () => Promise.resolve(),
      close: () => undefined,
    };
  }

  status() {
    return { workers: 1, streams: 0, waitingMs: 0, workerRestarts: 0 };
  }
}

let engine: TwoModels;
let session: CallSession;
let totalNetSpeechMs: number;
beforeEach(() => {
  engine = new TwoModels();
  totalNetSpeechMs = 2000;
  session = new CallSession('call' as CallId, description, defaultPolicy, {
    engine,
    clock: { nowMs: () => 0 },
    maxWaitingMs: 5000,
    onResult: () => undefined,
    onEnrolmentComplete: () => undefined,
    onEngineFailure: () => undefined,
    onWrongRate: () => undefined,
  });
  session.claimFor(customerId);
  session.apply(context('previous'));
  session.audio(new Uint8Array(8000), 0);
});

/** A second more of speech, embedded by whichever models are wanted. */
function hear(seconds: number, sounds: Record<string, Float32Array> = voice): void {
  for (let i = 0; i < seconds; i++) {
    totalNetSpeechMs += 1000;
    for (const modelId of [...engine.wanted]) {
      engine.tell({
        kind: 'segment',
        modelId,
        embedding: Float32Array.from(sounds[modelId] ?? []),
        startMs: totalNetSpeechMs - 3000,
        endMs: totalNetSpeechMs,
        netSpeechMs: 3000,
        totalNetSpeechMs,
        quality: { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 },
        latencyMs: 1,
      });
    }
  }
}
const somebodyElse = { previous: Float32Array.of(-1, 0), next: Float32Array.of(0, -1) };

describe('a call of a customer of the previous model', () => {
  it('is decided by the previous model alone, and leaves its speech for the current one', () => {
    expect(engine.wanted).toEqual(['previous', 'next']);
    hear(6);
    expect(session.result().verification).toMatchObject({
      state: 'accepted',
      thresholds: { modelId: 'previous' },
      netSpeechMs: 8000,
    });
    const left = session.takeMigration();
    expect(left).toMatchObject({ from: 'voiceprint of previous', stretch: { netSpeechMs: 8000 } });
    for (const { embedding } of left?.stretch.embeddings ?? []) expect([...embedding]).toEqual([0, 1]);
  });

  it('asks for the current model no longer than its speech is needed', () => {
    hear(5);
    expect(engine.wanted).toEqual(['previous', 'next']);
    hear(1);
    expect(engine.wanted).toEqual(['previous']);
    hear(4);
    expect(session.takeMigration()?.stretch.netSpeechMs).toBe(8000);
  });

  it('leaves nothing after a rejection, though it ends accepted', () => {
    hear(6, somebodyElse);
    expect(session.result().verification.state).toBe('rejected');
    expect(engine.wanted).toEqual(['previous']);
    hear(60);
    expect(session.result().verification.state).toBe('accepted');
    expect(session.takeMigration()).toBeNull();
  });

  it('leaves nothing once it was flagged, though the flag is taken away', () => {
    hear(3);
    session.showFlag({ severity: 'medium', reasons: ['number-velocity'] });
    session.showFlag(null);
    session.apply(context('previous'));
    hear(5);
    expect(session.result().verification.state).toBe('accepted');
    expect(session.takeMigration()).toBeNull();
  });

  it('leaves nothing when the customer was named anew: another person may have been speaking', () => {
    hear(6);
    session.claimFor(customerId);
    session.apply(context('previous'));
    session.audio(new Uint8Array(8000), 1000);
    totalNetSpeechMs = 2000;
    hear(6);
    expect(session.result().verification.state).toBe('accepted');
    expect(session.takeMigration()).toBeNull();
  });

  it('goes on under the current model when another call has carried the customer over meanwhile', () => {
    hear(6);
    session.apply(context('next'));
    expect(engine.wanted).toEqual(['next']);
    expect(session.result().verification).toMatchObject({ state: 'collecting', llr: null });
    hear(6);
    expect(session.result().verification).toMatchObject({
      state: 'accepted',
      thresholds: { modelId: 'next' },
    });
    expect(session.takeMigration()).toBeNull();
  });

  it('enrols with the current model when the agent asks for it', () => {
    hear(6);
    const enrolment = session.startEnrolment(20_000);
    expect(engine.wanted).toEqual(['previous', 'next']);
    hear(2);
    const stretch = enrolment.take();
    expect(stretch?.embeddings.map(({ embedding }) => [...embedding])).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});
