import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { CallId, ConsentId, CustomerId, TenantId, VoiceprintId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import type { AnalysisEngine, AnalysisEvent } from '../../../engine/engine.port.js';
import { CallSession } from './call-session.js';

const customerId = 'customer' as CustomerId;
const second = new Uint8Array(8000);
const ready: ClaimContext = {
  kind: 'ready',
  customerId,
  consentId: 'consent' as ConsentId,
  validUntilMs: Infinity,
  voiceprintId: 'voiceprint' as VoiceprintId,
  modelId: 'model',
  voiceprint: Float32Array.of(1, 0),
  netSpeechMs: 30_000,
};
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

/** The engine's port, keeping what came through its door. */
class EngineDoor implements AnalysisEngine {
  readonly model = {
    id: 'model',
    sha256: '',
    embeddingSize: 2,
    calibration: { scale: 10, offset: 0, modelSha256: '' },
    segment: { lengthMs: 3000, hopMs: 1000 },
  };
  readonly models = [this.model] as const;
  opened = 0;
  closed = 0;
  pushedBytes = 0;
  lostMs = 0;
  tell: (event: AnalysisEvent) => void = () => undefined;

  open(_: unknown, listener: (event: AnalysisEvent) => void) {
    this.opened++;
    this.tell = listener;
    return {
      push: (bytes: Uint8Array) => {
        this.pushedBytes += bytes.length;
      },
      lost: (ms: number) => {
        this.lostMs += ms;
      },
      useModels: () => undefined,
      forgetBefore: () => undefined,
      flush: () => Promise.resolve(),
      close: () => {
        this.closed++;
      },
    };
  }

  status() {
    return { workers: 1, streams: 0, waitingMs: 0, workerRestarts: 0 };
  }
}

let door: EngineDoor;
let session: CallSession;
let positionMs: number;
let nowMs: number;
let wrongRates: string[];
const speak = (seconds: number) => {
  for (let i = 0; i < seconds; i++, positionMs += 1000) session.audio(second, positionMs);
};

beforeEach(() => {
  door = new EngineDoor();
  positionMs = 0;
  nowMs = 0;
  wrongRates = [];
  session = new CallSession('call' as CallId, description, defaultPolicy, {
    engine: door,
    clock: { nowMs: () => nowMs },
    maxWaitingMs: 5000,
    onResult: () => undefined,
    onEnrolmentComplete: () => undefined,
    onEngineFailure: () => undefined,
    onWrongRate: (note) => wrongRates.push(note),
  });
});

describe('the gate before the engine', () => {
  it('lets no byte through before a customer is named and consent is known', () => {
    speak(3);
    session.claimFor(customerId);
    speak(2);
    expect(door).toMatchObject({ opened: 0, pushedBytes: 0 });
  });

  it('hands over what waited, up to the policy’s wait, once consent is there', () => {
    speak(12);
    session.claimFor(customerId);
    session.apply(ready);
    expect(door).toMatchObject({ opened: 1, pushedBytes: 80_000 });
    expect(session.result().audio).toMatchObject({
      receivedMs: 12_000,
      analysedMs: 10_000,
      withheldMs: 2000,
    });
  });

  it.each(['no-consent', 'opted-out', 'not-enrolled'] as const)('lets everything go for %s', (kind) => {
    speak(2);
    session.claimFor(customerId);
    session.apply({
      ...(kind === 'no-consent' ? { kind, reason: 'consent-missing' } : { kind }),
      customerId,
    });
    speak(3);
    expect(door).toMatchObject({ opened: 0, pushedBytes: 0 });
    expect(session.result().audio).toMatchObject({ analysedMs: 0, withheldMs: 5000 });
  });

  it('holds audio back from the moment that consent is in doubt, and closes the stream when it is gone', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(2);
    session.pause();
    speak(3);
    expect(door.pushedBytes).toBe(16_000);
    session.apply({ kind: 'opted-out', customerId });
    expect(door).toMatchObject({ pushedBytes: 16_000, closed: 1 });
    expect(session.result()).toMatchObject({
      verification: { state: 'opted-out' },
      audio: { withheldMs: 3000 },
    });
  });

  it('goes on with what was held back when the doubt was nothing', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(2);
    session.pause();
    speak(3);
    session.apply(ready);
    expect(door).toMatchObject({ opened: 1, closed: 0, pushedBytes: 40_000 });
  });

  it('stays shut while consent cannot be checked', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(1);
    session.failClosed();
    speak(4);
    expect(door).toMatchObject({ pushedBytes: 8000, closed: 1 });
    expect(session.result().verification).toMatchObject({ state: 'no-consent', reason: 'gate-unavailable' });
  });

  it('ignores what is known of another customer than the claimed one', () => {
    session.claimFor(customerId);
    session.apply({ ...ready, customerId: 'other' as CustomerId });
    speak(1);
    expect(door.opened).toBe(0);
  });

  it('forgets the earlier voice when the customer is named again', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(1);
    session.claimFor(customerId);
    expect(door.closed).toBe(1);
    expect(session.result().verification).toMatchObject({ state: 'not-claimed', llr: null, netSpeechMs: 0 });
  });

  it('takes a voiceprint made in this call for no proof of who is calling', () => {
    session.claimFor(customerId);
    session.apply({ kind: 'not-enrolled', customerId });
    session.startEnrolment(20_000);
    session.endEnrolment(true);
    session.apply(ready);
    speak(5);
    expect(session.result().verification).toMatchObject({
      state: 'not-enrolled',
      reason: 'enrolled-in-this-call',
    });
  });
});

describe('the voice that a call leaves for the tenant’s centre', () => {
  const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
  const hear = (...embedding: [number, number]): void => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(6);
    const heard = { startMs: 0, endMs: 6000, netSpeechMs: 6000, totalNetSpeechMs: 6000, latencyMs: 0 };
    door.tell({
      kind: 'segment',
      modelId: 'model',
      embedding: Float32Array.of(...embedding),
      quality,
      ...heard,
    });
  };

  it('is that of a caller who was decided on, and tells how near it came if they were accepted', () => {
    hear(1, 0);
    const accepted = session.endedVoice();
    expect(accepted).toMatchObject({ modelId: 'model', modelSha256: '', direction: Float32Array.of(1, 0) });
    expect(accepted?.ownLlr).toBeGreaterThan(0);
    hear(0.2, 0.98);
    expect(session.endedVoice()).toMatchObject({ ownLlr: null });
  });

  it('is nobody’s where the caller has withdrawn', () => {
    hear(1, 0);
    session.apply({ kind: 'opted-out', customerId });
    expect(session.endedVoice()).toBeNull();
  });

  it('is nobody’s where the agent is heard too', () => {
    hear(1, 0);
    session.resume({ ...description, mixed: true }, 0);
    session.apply(ready);
    expect(session.endedVoice()).toBeNull();
  });
});

describe('stream time', () => {
  it('keeps its place over a gap, and tells the engine', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(1);
    positionMs += 700;
    speak(1);
    expect(door.lostMs).toBe(700);
    expect(session.result()).toMatchObject({ audio: { receivedMs: 2000, lostMs: 700 } });
  });

  it('counts a segment’s place from the start of the call, however late processing began', () => {
    speak(4);
    session.claimFor(customerId);
    session.apply({ kind: 'not-enrolled', customerId });
    session.apply(ready);
    speak(4);
    const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
    door.tell({
      kind: 'segment',
      modelId: 'model',
      embedding: Float32Array.of(1, 0),
      startMs: 0,
      endMs: 3000,
      netSpeechMs: 3000,
      totalNetSpeechMs: 3000,
      quality,
      latencyMs: 1,
    });
    expect(session.result().verification.span).toEqual({ startMs: 4000, endMs: 7000 });
  });

  it('counts what the engine dropped as not analysed, and says so', () => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(3);
    door.tell({ kind: 'dropped', durationMs: 1000 });
    expect(session.result()).toMatchObject({
      audio: { receivedMs: 3000, analysedMs: 2000, droppedMs: 1000 },
      verification: { quality: ['audio-dropped'] },
    });
  });
});

describe('a stream that resumes a call', () => {
  beforeEach(() => {
    session.claimFor(customerId);
    session.apply(ready);
    speak(4);
    nowMs = 1000;
  });
  const resumeAfter = (ms: number, more: Partial<CallDescription> = {}) => {
    nowMs += ms;
    return session.resume({ ...description, ...more }, 70_000);
  };

  it('is heard only once consent has been checked again', () => {
    resumeAfter(3000);
    session.audio(second, 0);
    expect(door.pushedBytes).toBe(32_000);
    session.apply(ready);
    expect(door).toMatchObject({ opened: 1, closed: 0, pushedBytes: 40_000 });
  });

  it('is not heard at all when consent has gone meanwhile', () => {
    resumeAfter(3000);
    session.audio(second, 0);
    session.apply({ kind: 'opted-out', customerId });
    expect(door).toMatchObject({ pushedBytes: 32_000, closed: 1 });
  });

  it('counts the time between as lost, from the last audio on, and its own positions from there', () => {
    expect(resumeAfter(3000)).toBe(4000);
    session.apply(ready);
    session.audio(second, 0);
    session.audio(second, 1500);
    expect(session.result().audio).toMatchObject({ receivedMs: 6000, lostMs: 4500, analysedMs: 6000 });
    expect(door.lostMs).toBe(4500);
  });

  it('counts no more as lost than may lie between two streams of a call', () => {
    expect(resumeAfter(3_600_000)).toBe(70_000);
  });

  it('may come in another format: the engine goes on with a stream of it, at its place in the call', () => {
    session.apply(ready);
    resumeAfter(1000, { format: { encoding: 'l16', sampleRateHz: 16_000, channels: 2, callerChannel: 1 } });
    session.apply(ready);
    session.audio(new Uint8Array(64_000), 0);
    expect(door).toMatchObject({ opened: 2, lostMs: 0 });
    expect(session.result().audio).toMatchObject({ receivedMs: 5000, analysedMs: 5000 });
    expect(session.result().channels).toBe('separate');
    door.tell({
      kind: 'segment',
      modelId: 'model',
      embedding: Float32Array.of(1, 0),
      startMs: 0,
      endMs: 1000,
      netSpeechMs: 1000,
      totalNetSpeechMs: 1000,
      quality: { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 },
      latencyMs: 1,
    });
    expect(session.result().verification.span).toEqual({ startMs: 6000, endMs: 7000 });
  });

  it('makes the call a mixed one for good, and ends an enrolment from it', () => {
    session.startEnrolment(20_000);
    resumeAfter(0, { mixed: true });
    expect(session.enrolment).toBeNull();
    resumeAfter(0);
    expect(session.result()).toMatchObject({
      channels: 'mixed',
      verification: { quality: expect.arrayContaining(['mixed-channel']) as unknown },
    });
  });
});

it('does not drift over two hours of packets', () => {
  for (let at = 0; at < 7_200_000; at += 20) session.audio(second.subarray(0, 160), at);
  expect(session.result().audio.lostMs).toBe(0);
  expect(Math.abs(session.result().audio.receivedMs - 7_200_000)).toBeLessThan(0.125);
});

describe('audio that arrives at twice its stated rate', () => {
  const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
  /** A second of audio, and what the engine would hear in it of somebody else. */
  const hearStranger = (count: number, everyMs: number): void => {
    for (let i = 0; i < count; i++, nowMs += everyMs) {
      speak(1);
      const heardMs = positionMs;
      door.tell({
        kind: 'segment',
        modelId: 'model',
        embedding: Float32Array.of(-1, 0),
        startMs: heardMs - 1000,
        endMs: heardMs,
        netSpeechMs: 3000,
        totalNetSpeechMs: heardMs,
        quality,
        latencyMs: 0,
      });
    }
  };

  it('is noted, counted once, and never decided upon', () => {
    session.claimFor(customerId);
    session.apply(ready);
    const states = new Set<string>();
    for (let i = 0; i < 40; i++) {
      hearStranger(1, 500);
      states.add(session.result().verification.state);
    }
    expect(states).not.toContain('rejected');
    expect(session.result()).toMatchObject({
      verification: { state: 'inconclusive', quality: ['arrives-at-twice-its-rate'] },
      agent: { reason: 'Audio arrives at twice its stated rate: the line is set up wrongly.' },
    });
    expect(wrongRates).toEqual(['arrives-at-twice-its-rate']);
  });

  it('is nothing of a call that comes as it was said to: a stranger is turned down', () => {
    session.claimFor(customerId);
    session.apply(ready);
    hearStranger(40, 1000);
    expect(session.result().verification).toMatchObject({ state: 'rejected', quality: [] });
    expect(wrongRates).toEqual([]);
  });
});
