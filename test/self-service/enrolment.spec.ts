import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import type { MyState } from '../../src/modules/rights/self-service/my-state.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { Microphone, at48kHz, scaled, seconds, speech } from './microphone.js';
import { Bank, type Browser } from './support.js';

let real: Awaited<ReturnType<typeof createEngine>>;
let bank: Bank;
let customerId: CustomerId;
let visitor: Browser;
let opened = 0;

const allison = speech('allison/enrol-1');
const carlo = speech('carlo/enrol-1');

/** The real engine, watched from outside. */
const watched = (engine: AnalysisEngine): AnalysisEngine => ({
  model: engine.model,
  models: engine.models,
  status: () => engine.status(),
  open(request, listener) {
    opened += 1;
    return engine.open(request, listener);
  },
});

beforeAll(async () => {
  real = await createEngine({
    modelDir: new URL('../../models/timbre-sv-8k-v1', import.meta.url).pathname,
    workers: 1,
  });
  bank = await Bank.open(watched(real), { firstMessageTimeoutMs: 300, silenceTimeoutMs: 2000 });
}, 60_000);
afterAll(async () => {
  await bank.close();
  await real.shutdown();
});
beforeEach(async () => {
  customerId = await bank.customer();
  visitor = await bank.visit(customerId);
  opened = 0;
});

const agree = () =>
  visitor
    .post('/v1/me/consents')
    .send({
      purposes: ['verification', 'enrolment'],
      noticeVersion: 'timbre-voice-check-en-1',
      noticeLanguage: 'en',
    })
    .expect(201);
const state = async (): Promise<MyState> => (await visitor.get('/v1/me').expect(200)).body as MyState;
const claim = () =>
  bank.server.app.get(VoiceprintsService, { strict: false }).claimContext(bank.tenantId, customerId);

async function begun(sampleRateHz = 8000): Promise<Microphone> {
  const microphone = await Microphone.open(visitor);
  await microphone.start(sampleRateHz);
  return microphone;
}

describe('enrolment by the browser’s microphone', () => {
  it('says how far it is, stops by itself when it has heard enough, and the voiceprint is there', async () => {
    await agree();
    const microphone = await begun();
    microphone.speak(Buffer.concat([allison, speech('allison/enrol-2')]));
    const result = await microphone.result();
    expect(result).toMatchObject({ kind: 'enrolled' });
    const told = microphone.messages.flatMap((one) => (one.type === 'progress' ? [one.netSpeechMs] : []));
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(microphone.messages.at(-2)).toEqual({ type: 'enough' });
    const { voiceprint } = await state();
    expect(voiceprint).toMatchObject({ state: 'active', source: 'microphone' });
    expect(result).toMatchObject({ keptUntil: voiceprint?.keptUntil });
    expect((await claim()).kind).toBe('ready');
    expect((await bank.audited(customerId)).map(({ action }) => action)).toContain('voiceprint-enrolled');
  });

  it('makes the same voiceprint of 48 kHz as of 8 kHz, as far as a call can tell', async () => {
    await agree();
    const wide = await begun(48_000);
    wide.speak(at48kHz(seconds(allison, 0, 27)), 9600);
    wide.say({ type: 'stop' });
    expect(await wide.result()).toMatchObject({ kind: 'enrolled' });
    const context = await claim();
    const first = context.kind === 'ready' ? context.voiceprint : undefined;
    customerId = await bank.customer();
    visitor = await bank.visit(customerId);
    await agree();
    const narrow = await begun();
    narrow.speak(seconds(allison, 0, 27));
    narrow.say({ type: 'stop' });
    expect(await narrow.result()).toMatchObject({ kind: 'enrolled' });
    const again = await claim();
    const second = again.kind === 'ready' ? again.voiceprint : undefined;
    const cosine = first!.reduce((sum, value, index) => sum + value * second![index]!, 0);
    expect(cosine).toBeGreaterThan(0.95);
  });

  it('opens nothing to the engine without consent, and none but the enrolment’s own will do', async () => {
    const microphone = await Microphone.open(visitor);
    await microphone.start();
    expect(await microphone.result()).toEqual({ kind: 'no-consent', reason: 'consent-missing' });
    await visitor
      .post('/v1/me/consents')
      .send({ purposes: ['verification'], noticeVersion: 'timbre-voice-check-en-1', noticeLanguage: 'en' })
      .expect(201);
    const other = await Microphone.open(visitor);
    await other.start();
    expect(await other.result()).toMatchObject({ kind: 'no-consent' });
    expect(opened).toBe(0);
  });

  it('takes no audio before it has said that it has started', async () => {
    await agree();
    const microphone = await Microphone.open(visitor);
    microphone.speak(seconds(allison, 0, 1));
    expect(await microphone.closed).toEqual({ code: 1008, reason: 'audio before started' });
    expect(opened).toBe(0);
  });

  it('keeps what was said so far when the person stops early, and goes on with it next time', async () => {
    await agree();
    const first = await begun();
    first.speak(seconds(allison, 0, 12));
    first.say({ type: 'stop' });
    const result = await first.result();
    expect(result).toMatchObject({ kind: 'incomplete', neededMs: 20_000 });
    const { pending, voiceprint } = await state();
    expect(voiceprint).toBeNull();
    expect(pending?.netSpeechMs).toBe(result?.kind === 'incomplete' ? result.netSpeechMs : 0);
    const second = await begun();
    expect(second.messages[0]).toMatchObject({ type: 'started', netSpeechMs: pending?.netSpeechMs });
    second.speak(seconds(allison, 12, 27));
    second.say({ type: 'stop' });
    expect(await second.result()).toMatchObject({ kind: 'enrolled' });
    expect((await state()).pending).toBeNull();
  });

  it('begins from scratch when asked to', async () => {
    await agree();
    const first = await begun();
    first.speak(seconds(allison, 0, 8));
    first.say({ type: 'stop' });
    await first.result();
    await visitor.delete('/v1/me/enrolment').expect(204);
    expect((await state()).pending).toBeNull();
    await visitor.delete('/v1/me/enrolment').expect(204);
    expect(
      (await bank.audited(customerId)).filter(({ details }) => details['what'] === 'forget-pending'),
    ).toHaveLength(1);
  });

  it('keeps nothing when the page is closed', async () => {
    await agree();
    const microphone = await begun();
    microphone.speak(seconds(allison, 0, 10));
    await microphone.next('progress');
    microphone.socket.close();
    await microphone.closed;
    const { pending, voiceprint } = await state();
    expect({ pending, voiceprint }).toEqual({ pending: null, voiceprint: null });
    expect(real.status().streams).toBe(0);
  });

  it('ends at once when consent is withdrawn in its midst, and nothing is left', async () => {
    await agree();
    const microphone = await begun();
    microphone.speak(seconds(allison, 0, 15));
    await microphone.next('progress');
    await visitor.delete('/v1/me/consents/enrolment').expect(200);
    expect(await microphone.result()).toEqual({ kind: 'no-consent', reason: 'consent-withdrawn' });
    const { pending, voiceprint } = await state();
    expect({ pending, voiceprint }).toEqual({ pending: null, voiceprint: null });
    expect(real.status().streams).toBe(0);
  });

  it('ends at once when the voice is erased in its midst', async () => {
    await agree();
    const earlier = await begun();
    earlier.speak(seconds(allison, 0, 8));
    earlier.say({ type: 'stop' });
    await earlier.result();
    const microphone = await begun();
    microphone.speak(seconds(allison, 8, 18));
    await microphone.next('progress');
    await bank.site.delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    expect(await microphone.result()).toEqual({ kind: 'erased' });
    expect((await state()).pending).toBeNull();
  });

  it('ends at once when the customer is erased in its midst', async () => {
    await agree();
    const microphone = await begun();
    microphone.speak(seconds(allison, 0, 15));
    await microphone.next('progress');
    await visitor.post('/v1/me/erasure').send({ erase: 'everything' }).expect(200);
    expect(await microphone.result()).toEqual({ kind: 'erased' });
    for (const table of ['enrolment_stretches', 'voiceprints', 'customer_keys'])
      expect(await bank.rows(`SELECT 1 FROM ${table} WHERE customer_id = $1`, customerId)).toEqual([]);
    expect(real.status().streams).toBe(0);
  });

  it.each([
    ['two-speakers', () => Buffer.concat([seconds(allison, 0, 12), seconds(carlo, 0, 12)])],
    ['quality-too-quiet', () => scaled(seconds(allison, 0, 10), 0.004)],
    ['no-speech', () => Buffer.alloc(16_000 * 5)],
  ])('answers %s in a word, never with a score, and keeps nothing of it', async (reason, audio) => {
    await agree();
    const microphone = await begun();
    microphone.speak(audio());
    microphone.say({ type: 'stop' });
    expect(await microphone.result()).toEqual({ kind: 'refused', reasons: [reason] });
    expect((await state()).pending).toBeNull();
  });

  it('hints while the person speaks that they are hard to hear', async () => {
    await agree();
    const microphone = await begun();
    microphone.speak(scaled(seconds(allison, 0, 10), 0.004));
    await microphone.until(
      (message) => message.type === 'progress' && message.hints.includes('quality-too-quiet'),
    );
    microphone.socket.close();
  });

  it('replaces the voiceprint when recorded again', async () => {
    await agree();
    for (const name of ['allison/enrol-1', 'allison/enrol-1']) {
      const microphone = await begun();
      microphone.speak(speech(name));
      microphone.say({ type: 'stop' });
      expect(await microphone.result()).toMatchObject({ kind: 'enrolled' });
    }
    const rows = await bank.rows(
      'SELECT status FROM voiceprints WHERE customer_id = $1 ORDER BY created_at, status DESC',
      customerId,
    );
    expect(rows.map(({ status }) => status).sort()).toEqual(['active', 'replaced']);
  });

  it('of another voice is held, in the name of whoever gave the link: they cannot release it by themselves', async () => {
    await agree();
    for (const [speech1, kind] of [
      [Buffer.concat([allison, speech('allison/enrol-2')]), 'enrolled'],
      [Buffer.concat([carlo, speech('carlo/enrol-2')]), 'held'],
    ] as const) {
      const microphone = await begun();
      microphone.speak(speech1);
      expect(await microphone.result()).toMatchObject({ kind });
    }
    const [held] = await bank.rows(
      `SELECT h.offered_by, s.issued_by FROM held_enrolments AS h JOIN self_service_sessions AS s USING (customer_id)
       WHERE customer_id = $1`,
      customerId,
    );
    expect(held?.['offered_by']).toBe(held?.['issued_by']);
    expect(held?.['offered_by']).toEqual(expect.any(String));
  });

  it('lets in the visit’s own page, for what its link is for', async () => {
    await agree();
    await expect(Microphone.open(visitor, 'https://evil.example')).rejects.toThrow('403');
    await expect(Microphone.open(bank.browser())).rejects.toThrow('401');
    const onlyLooking = await bank.visit(customerId, { scopes: ['view', 'consent'] });
    await expect(Microphone.open(onlyLooking)).rejects.toThrow('403');
  });

  it.each([
    ['hello', { type: 'hello' }, 'not a message of this protocol'],
    ['a rate that is not taken', { type: 'start', sampleRateHz: 44_100 }, 'not a message of this protocol'],
    [
      'a customer of its own choosing',
      { type: 'start', sampleRateHz: 8000, customerId: 'x' },
      'not a message of this protocol',
    ],
  ])('closes on %s', async (_what, message, reason) => {
    const microphone = await Microphone.open(visitor);
    microphone.say(message);
    expect(await microphone.closed).toEqual({ code: 1008, reason });
  });

  it('closes on half a sample, on a second start, and on nobody saying anything', async () => {
    await agree();
    const odd = await begun();
    odd.socket.send(Buffer.alloc(3));
    expect(await odd.closed).toEqual({ code: 1008, reason: 'audio is 16 bits a sample' });
    const twice = await begun();
    twice.say({ type: 'start', sampleRateHz: 8000 });
    expect(await twice.closed).toEqual({ code: 1008, reason: 'started already' });
    const mute = await Microphone.open(visitor);
    expect(await mute.closed).toEqual({ code: 1008, reason: 'no start' });
    const silent = await begun();
    expect(await silent.closed).toEqual({ code: 1008, reason: 'no audio' });
  });
});
