import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEngine, type ThreadedAnalysisEngine } from '../../src/engine/threaded-engine.js';
import { hear, isDecision, tell, voiceprintOf } from './hearing.js';
import {
  activeLevelDbfs,
  atLevel,
  babble,
  beeps,
  holdMusic,
  hum,
  joined,
  looped,
  pinkNoise,
  random,
  silence,
  speechOf,
  sum,
  talkers,
  whiteNoise,
  type Talker,
} from './sounds.js';
import { modelDir } from './support.js';
import { netSpeechOfTracks } from './tracks.js';

let engine: ThreadedAnalysisEngine;
const voiceprints = new Map<Talker, Float32Array>();

beforeAll(async () => {
  engine = await createEngine({ modelDir, workers: 1 });
  await Promise.all(
    talkers.map(async (talker) => voiceprints.set(talker, await voiceprintOf(engine, talker))),
  );
});
afterAll(() => engine.shutdown());

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477];
const keys = rows.flatMap((low) => columns.map((high) => [low, high]));
/** ITU-T Q.23 keys, each held and let go for so long. */
const dialled = (held: number): Float32Array =>
  beeps(
    keys.flatMap((hz) => [
      { hz, seconds: held },
      { hz: [], seconds: held },
    ]),
    60,
  );

/** Tones as ITU-T E.180 Supplement 2 lists them. */
const ringBackEu = beeps([{ hz: [425], seconds: 1 }, { hz: [], seconds: 4 }], 60); // prettier-ignore
const ringBackUs = beeps([{ hz: [440, 480], seconds: 2 }, { hz: [], seconds: 4 }], 60); // prettier-ignore
const busyEu = beeps([{ hz: [425], seconds: 0.5 }, { hz: [], seconds: 0.5 }], 60); // prettier-ignore
const busyUs = beeps([{ hz: [480, 620], seconds: 0.5 }, { hz: [], seconds: 0.5 }], 60); // prettier-ignore

describe('what is not the caller’s speech', () => {
  const sounds = {
    'hold music': ['cold-day', 'morning-coffee', 'system'].map(holdMusic),
    'keys pressed for 50, 100 and 400 ms': [0.05, 0.1, 0.4].map(dialled),
    'ring-back tones, European and American': [ringBackEu, ringBackUs],
    'busy tones, European and American': [busyEu, busyUs],
    'white noise, pink noise and hum': [
      atLevel(whiteNoise(60), -20),
      atLevel(pinkNoise(60), -30),
      atLevel(hum(60), -25),
    ],
    'digital silence': [silence(60)],
  };

  it.each(Object.entries(sounds))('never leads to a decision: a minute of %s', async (_, minutes) => {
    const all = await Promise.all(minutes.map((sound) => hear(engine, sound)));
    for (const heard of all) {
      expect(heard.netSpeechMs).toBeLessThan(1000);
      expect(tell(engine, heard, voiceprints.get('allison')!).some(isDecision)).toBe(false);
    }
  });

  it('never leads to a decision: a minute of a television with four people in it, with another customer each time', async () => {
    await Promise.all(
      (['allison', 'june', 'menardi'] as const).map(async (customer) => {
        const others = talkers.filter((talker) => talker !== customer);
        const heard = await hear(engine, atLevel(babble(others, 60), -30));
        const told = tell(engine, heard, voiceprints.get(customer)!);
        // The VAD hears speech, and rightly so.
        expect(heard.netSpeechMs).toBeGreaterThan(30_000);
        expect(told.some(isDecision)).toBe(false);
        expect(told.at(-1)).toMatchObject({ state: 'inconclusive', reason: 'quality-too-poor' });
        expect(told.at(-1)!.quality).toContain('several-voices');
      }),
    );
  });

  it('does not stand in the way of who speaks afterwards: music, ring-back, then the customer', async () => {
    const heard = await hear(
      engine,
      joined(
        holdMusic('morning-coffee').subarray(0, 80_000),
        ringBackEu.subarray(0, 80_000),
        speechOf('allison'),
      ),
    );
    expect(tell(engine, heard, voiceprints.get('allison')!).at(-1)).toMatchObject({
      state: 'accepted',
      quality: [],
    });
    expect(tell(engine, heard, voiceprints.get('carlo')!).at(-1)).toMatchObject({
      state: 'rejected',
      quality: [],
    });
  });
});

describe('the signal-to-noise ratio', () => {
  it.each([
    ['white noise', whiteNoise(20)],
    ['pink noise', pinkNoise(20)],
    ['hum', hum(20)],
  ])('is told within 3 dB in %s from 0 to 30 dB', async (_, noise) => {
    // Truth: active speech level (ITU-T P.56) over the level of the noise that was added.
    const errors = (['allison', 'carlo'] as const).map((talker) => {
      const voice = speechOf(talker).subarray(0, noise.length);
      const levelDbfs = activeLevelDbfs(voice);
      return [0, 15, 30].map(async (snrDb) => {
        const { quality } = await hear(engine, sum(voice, atLevel(noise, levelDbfs - snrDb)));
        return Math.abs(quality.snrDb! - snrDb);
      });
    });
    expect(Math.max(...(await Promise.all(errors.flat())))).toBeLessThanOrEqual(3);
  });
});

describe('a damaged line', () => {
  const voice = atLevel(speechOf('june').subarray(0, 160_000), -20);

  it.each([-6, -12])('is noticed when something upstream clips, %i dB below full scale', async (limitDb) => {
    const limit = 10 ** (limitDb / 20);
    const loud = voice.map((sample) => Math.max(-limit, Math.min(limit, sample * limit * 20)));
    const heard = await hear(engine, loud);
    expect(heard.quality.clippedShare).toBeGreaterThan(0.05);
    expect(tell(engine, heard, voiceprints.get('june')!).at(-1)).toMatchObject({
      state: 'inconclusive',
      quality: ['clipped'],
    });
    expect((await hear(engine, voice)).quality.clippedShare).toBeLessThan(0.005);
  });

  it('is noticed when one packet in four is lost and patched, and withholds the decision', async () => {
    const next = random(4);
    const patched = Float32Array.from(voice);
    for (let at = 160; at + 160 <= voice.length; at += 160) {
      if (next() < -0.5) patched.copyWithin(at, at - 160, at);
    }
    const heard = await hear(engine, patched);
    expect(heard.quality.concealedShare).toBeGreaterThan(0.15);
    expect(tell(engine, heard, voiceprints.get('june')!).at(-1)!.quality).toContain('packet-loss');
    expect(tell(engine, heard, voiceprints.get('june')!).at(-1)).toMatchObject({
      state: 'inconclusive',
      reason: 'quality-too-poor',
    });
  });
});

describe('the agent in the caller’s channel', () => {
  const agent = looped(speechOf('menardi'), 30);
  const echo = Float32Array.from(agent, (_, n) => 0.1 * (agent[n - 640] ?? 0));

  it('is not taken for the caller: an echo of −20 dB, 80 ms late, is no speech', async () => {
    const { netSpeechMs } = await hear(engine, echo, agent);
    expect(netSpeechMs).toBeLessThan(1000);
    expect((await hear(engine, echo)).netSpeechMs).toBeGreaterThan(20_000);
  });

  it("is told apart when Twilio sends the agent's side as a track of its own", async () => {
    const bothTracks = [
      { track: 'inbound', samples: echo },
      { track: 'outbound', samples: agent },
    ] as const;
    const heard = (tracks: readonly (typeof bothTracks)[number][]): Promise<number> =>
      netSpeechOfTracks(engine, tracks);
    expect(await heard(bothTracks)).toBeLessThan(1000);
    expect(await heard(bothTracks.slice(0, 1))).toBeGreaterThan(20_000);
  });

  it('leaves a caller who talks all the time at the same time most of the speech, and the decision', async () => {
    const caller = looped(speechOf('allison'), 30);
    const [alone, together, apart] = await Promise.all([
      hear(engine, caller),
      hear(engine, sum(caller, echo), agent),
      hear(engine, caller, agent),
    ]);
    expect(together.netSpeechMs).toBeGreaterThan(0.65 * alone.netSpeechMs);
    expect(apart.netSpeechMs).toBe(alone.netSpeechMs);
    expect(tell(engine, together, voiceprints.get('allison')!).at(-1)).toMatchObject({ state: 'accepted' });
    expect(tell(engine, together, voiceprints.get('carlo')!).some(({ state }) => state === 'accepted')).toBe(
      false,
    );
  });
});
