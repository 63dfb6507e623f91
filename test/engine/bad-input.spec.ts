import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamDecoder } from '../../src/core/audio/decoder.js';
import { encodeL16 } from '../../src/core/audio/pcm.js';
import { parseWav } from '../../src/core/audio/wav.js';
import type { CallId, ConsentId, CustomerId, TenantId, VoiceprintId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import type { VerificationResult } from '../../src/core/speaker/verification.js';
import { Verifier } from '../../src/core/speaker/verifier.js';
import { SegmentCutter } from '../../src/core/speech/segment-cutter.js';
import { defaultSpeechDecision } from '../../src/core/speech/speech-decider.js';
import { SpeechJudge } from '../../src/core/speech/speech-judge.js';
import type { SegmentEmbedding, SignalQuality } from '../../src/engine/engine.port.js';
import { createEngine, type ThreadedAnalysisEngine } from '../../src/engine/threaded-engine.js';
import { CallSession } from '../../src/modules/calls/live/call-session.js';
import { hear, isDecision, tell, voiceprintOf } from './hearing.js';
import { joined, looped, silence, speechOf } from './sounds.js';
import { killable, l16, modelDir, record } from './support.js';

let engine: ThreadedAnalysisEngine;
let allison: Float32Array;
let carlo: Float32Array;
const dying = killable();

beforeAll(async () => {
  engine = await createEngine({ modelDir, workers: 2, startWorker: dying.startWorker });
  [allison, carlo] = await Promise.all([voiceprintOf(engine, 'allison'), voiceprintOf(engine, 'carlo')]);
});
afterAll(() => engine.shutdown());

const hasOnlyNumbers = (quality: SignalQuality): boolean =>
  Object.values(quality).every((value) => value === null || Number.isFinite(value));

/** All that 16 bits can say, each once. */
const everyWord = (): Uint8Array => new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, n) => n).buffer);

const square = Float32Array.from({ length: 160_000 }, (_, n) => (n % 40 < 20 ? 1 : -1));

describe('a clip that is no speech', () => {
  it('of 0 samples is refused as an upload, and a call without audio ends without a decision', async () => {
    expect(parseWav(new Uint8Array(0))).toMatchObject({ kind: 'refused', reason: 'empty' });
    const { stream, events } = record(engine);
    await stream.flush();
    stream.close();
    expect(events.map((event) => event.kind)).toEqual(['progress']);
  });

  it.each([
    ['of one sample', Float32Array.of(0.5)],
    ['of zeros', silence(20)],
    ['of a full-scale square wave', square],
    ['of numbers that are none', new Float32Array(160_000).fill(NaN)],
    ['of infinite numbers', new Float32Array(160_000).fill(Infinity)],
  ])('%s gives no speech, no decision and nothing but numbers', async (_, sound) => {
    const heard = await hear(engine, sound);
    expect(heard).toMatchObject({ netSpeechMs: 0, positionMs: sound.length / 8, segments: [] });
    expect(tell(engine, heard, allison).some(isDecision)).toBe(false);
    for (const event of heard.events)
      if (event.kind === 'progress') expect(hasOnlyNumbers(event.quality)).toBe(true);
  });

  it.each([
    ['l16', 8000],
    ['l16', 16_000],
    ['l16', 48_000],
    ['mulaw', 8000],
    ['alaw', 8000],
  ] as const)(
    '%s at %i Hz can carry no number that is none: every value of it is heard',
    (encoding, sampleRateHz) => {
      const bytes = encoding === 'l16' ? everyWord() : Uint8Array.from({ length: 256 }, (_, n) => n);
      const decoder = new StreamDecoder({ encoding, sampleRateHz, channels: 1, callerChannel: 0 });
      const samples = decoder.decode(bytes);
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.every((sample) => Math.abs(sample) <= 1.5)).toBe(true);
    },
  );

  it('is not made a decision by an embedding that is no number', () => {
    const verifier = new Verifier(engine.model, defaultPolicy);
    verifier.claim(ready(allison));
    for (let s = 3; s < 20; s++) {
      const place = {
        startMs: 1000 * (s - 3),
        endMs: 1000 * s,
        totalNetSpeechMs: 1000 * s,
        newNetSpeechMs: 1000,
      };
      const embedding = new Float32Array(192).fill(s % 2 === 0 ? NaN : 0);
      verifier.segment({ embedding, netSpeechMs: 3000, ...place }, clean);
      expect(verifier.result()).toMatchObject({ state: 'collecting', llr: null });
    }
  });
});

const clean: SignalQuality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };

function ready(voiceprint: Float32Array) {
  return {
    kind: 'ready',
    customerId: 'customer' as CustomerId,
    consentId: 'consent' as ConsentId,
    validUntilMs: Infinity,
    voiceprintId: 'voiceprint' as VoiceprintId,
    modelId: engine.model.id,
    voiceprint: Float32Array.from(voiceprint),
    netSpeechMs: 40_000,
  } as const;
}

describe('a call of 24 hours', () => {
  const dayMs = 86_400_000;

  it('keeps its place to the millisecond behind a day of silence', async () => {
    const { stream, events, segments } = record(engine);
    stream.push(encodeL16(speechOf('allison').subarray(0, 40_000)));
    stream.lost(dayMs);
    stream.push(encodeL16(speechOf('allison')));
    await stream.flush();
    stream.close();
    const last = events.findLast((event) => event.kind === 'progress')!;
    expect(last.positionMs).toBe(dayMs + 5000 + speechOf('allison').length / 8);
    expect(last.netSpeechMs % 10).toBe(0);
    expect(segments().at(-1)!.startMs).toBeGreaterThan(dayMs + 5000);
  });

  it('counts a day of speech exactly, and keeps no more of it than one segment', () => {
    const plan = { lengthFrames: 300, hopFrames: 100, minFrames: 100, minNewFramesAtEnd: 50, bands: 1 };
    const cutter = new SegmentCutter(plan);
    const frame = Float32Array.of(1);
    let segments = 0;
    let last;
    for (let at = 0; at < dayMs; at += 10) {
      const segment = cutter.keep(frame, at);
      if (segment) [segments, last] = [segments + 1, segment];
    }
    expect(cutter.keptFrames).toBe(dayMs / 10);
    expect(segments).toBe(dayMs / 1000 - 2);
    expect(last).toMatchObject({ frames: 300, firstFrameMs: dayMs - 3000, lastFrameMs: dayMs - 10 });
  });

  it('judges every window of a day, and measures the last ten seconds, not the day', () => {
    const judge = new SpeechJudge(defaultSpeechDecision);
    const loud = { own: new Float32Array(256).fill(0.5) };
    const quiet = { own: new Float32Array(256).fill(0.05) };
    // Ten minutes stand for the day: what grew with each window would have grown by 18,750.
    const windows = 18_750;
    let settled = 0;
    const before = process.memoryUsage().heapUsed;
    for (let w = 0; w < windows; w++) settled += judge.push(w < windows - 400 ? loud : quiet, 0.9).length;
    const grownMb = (process.memoryUsage().heapUsed - before) / 1e6;
    expect(settled + judge.drain().length).toBe(windows);
    expect(judge.quality().speechLevelDbfs).toBeCloseTo(20 * Math.log10(0.05), 3);
    expect(grownMb).toBeLessThan(30);
  });

  it('decides by the last half minute of it, not by all that came before', async () => {
    const [customer, another] = await Promise.all(
      (['allison', 'carlo'] as const).map(async (talker) => (await hear(engine, speechOf(talker))).segments),
    );
    const verifier = new Verifier(engine.model, defaultPolicy);
    verifier.claim(ready(allison));
    const hearAgain = (
      voice: readonly SegmentEmbedding[],
      fromMs: number,
      toMs: number,
    ): VerificationResult => {
      for (let at = fromMs + 1000; at <= toMs; at += 1000) {
        const place = {
          startMs: at - 1000,
          endMs: at,
          totalNetSpeechMs: at,
          newNetSpeechMs: 1000,
          netSpeechMs: 3000,
        };
        const { embedding } = voice[(at / 1000) % voice.length]!;
        verifier.segment({ embedding: Float32Array.from(embedding), ...place }, clean);
      }
      return verifier.result();
    };
    // Twenty minutes stand for the day, then another voice.
    const longMs = 1_200_000;
    expect(hearAgain(customer!, 0, longMs)).toMatchObject({
      state: 'accepted',
      netSpeechMs: longMs,
      span: { startMs: longMs - 30_000, endMs: longMs },
    });
    expect(hearAgain(another!, longMs, longMs + 31_000)).toMatchObject({ state: 'rejected' });
  });
});

describe('a clock that jumps', () => {
  function aCall() {
    const clock = { now: 1_700_000_000_000 };
    const session = new CallSession(
      'call' as CallId,
      {
        tenantId: 'tenant' as TenantId,
        protocol: 'plain',
        externalId: 'external',
        format: l16,
        ani: undefined,
        dnis: undefined,
        claimedCustomer: undefined,
        metadata: {},
      },
      defaultPolicy,
      {
        engine,
        clock: { nowMs: () => clock.now },
        maxWaitingMs: 60_000,
        onResult: () => undefined,
        onEnrolmentComplete: () => undefined,
        onEngineFailure: () => undefined,
        onWrongRate: () => undefined,
      },
    );
    session.claimFor('customer' as CustomerId);
    session.apply(ready(allison));
    return { session, clock };
  }
  const bytes = encodeL16(speechOf('allison').subarray(0, 160_000));

  it('changes nothing in a call but the time that is written beside its results', async () => {
    const { session, clock } = aCall();
    for (let at = 0; at < bytes.length; at += 320) {
      session.audio(bytes.subarray(at, at + 320), at / 16);
      if (at === 160_000) clock.now -= 3_600_000;
      if (at === 240_000) clock.now += 86_400_000;
    }
    await session.flush();
    expect(session.close()).toMatchObject({
      verification: { state: 'accepted', quality: [] },
      audio: { receivedMs: 20_000, lostMs: 0 },
    });
  });

  it('of the platform is lost audio when it jumps ahead, and nothing when it falls back', async () => {
    const { session } = aCall();
    for (let at = 0; at < bytes.length; at += 320) {
      const jumpMs = at < 80_000 ? 0 : at < 160_000 ? 3_600_000 : -5000;
      session.audio(bytes.subarray(at, at + 320), at / 16 + jumpMs);
    }
    await session.flush();
    expect(session.close()).toMatchObject({
      verification: { state: 'accepted', quality: ['audio-lost'] },
      audio: { receivedMs: 20_000, lostMs: 3_600_000 },
    });
  });
});

describe('channels that are swapped in mid-call', () => {
  const caller = looped(speechOf('allison'), 40);
  const agent = looped(speechOf('ivrvoice'), 40);
  const swappedAt = 20_000;
  const half = caller.length / 2;
  const swap = (a: Float32Array, b: Float32Array): Float32Array =>
    joined(a.subarray(0, half), b.subarray(half));

  it('end an acceptance: the agent, now heard as the caller, is not the customer', async () => {
    const heard = await hear(engine, swap(caller, agent), swap(agent, caller));
    const told = tell(engine, heard, allison);
    const at = (ms: number): VerificationResult =>
      told[heard.events.findLastIndex((event) => event.kind === 'progress' && event.positionMs <= ms)]!;
    expect(at(swappedAt)).toMatchObject({ state: 'accepted' });
    expect(at(40_000).state).not.toBe('accepted');
  });

  it('never turn another caller into the customer', async () => {
    const heard = await hear(engine, swap(caller, agent), swap(agent, caller));
    expect(tell(engine, heard, carlo).some(({ state }) => state === 'accepted')).toBe(false);
  });
});

describe('a worker that dies', () => {
  it('costs its calls at most what it had in hand: they go on to a decision, the others are not disturbed', async () => {
    const mine = record(engine);
    const other = record(engine);
    const bytes = encodeL16(speechOf('allison'));
    mine.stream.push(bytes.subarray(0, 160_000));
    other.stream.push(bytes.subarray(0, 160_000));
    await Promise.all([mine.stream.flush(), other.stream.flush()]);
    await dying.threads[0]!.terminate();
    mine.stream.push(bytes.subarray(160_000));
    other.stream.push(bytes.subarray(160_000));
    await Promise.all([mine.stream.flush(), other.stream.flush()]);
    for (const { stream, events, segments } of [mine, other]) {
      stream.close();
      const last = events.findLast((event) => event.kind === 'progress')!;
      const heard = { events, segments: segments(), ...last };
      expect(events.some((event) => event.kind === 'failed')).toBe(false);
      expect(last.positionMs).toBe(bytes.length / 16);
      expect(tell(engine, heard, allison).at(-1)).toMatchObject({ state: 'accepted' });
    }
    expect(engine.status()).toMatchObject({ workers: 2, workerRestarts: 1 });
  });
});
