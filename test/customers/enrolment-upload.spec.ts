import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import type { AnalysisEngine, AnalysisStream } from '../../src/engine/engine.port.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { startCustomers, type Client, type CustomersServer, dayMs } from './support.js';

const maxUploadSeconds = 120;

/** PCM16 of a prompt, without its RIFF header (44 bytes: these files have no other chunks before their data). */
function speech(name: string): Buffer {
  const file = readFileSync(new URL(`../../samples/speech/${name}.wav`, import.meta.url));
  const at = file.indexOf('data');
  return file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
}

function wav(data: Buffer, channels = 1): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000 * channels, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

function stereo(left: Buffer, right: Buffer): Buffer {
  const frames = Math.min(left.length, right.length) / 2;
  const both = Buffer.alloc(frames * 4);
  for (let frame = 0; frame < frames; frame += 1) {
    both.writeInt16LE(left.readInt16LE(frame * 2), frame * 4);
    both.writeInt16LE(right.readInt16LE(frame * 2), frame * 4 + 2);
  }
  return both;
}

function scaled(data: Buffer, gain: number): Buffer {
  const out = Buffer.alloc(data.length);
  for (let at = 0; at < data.length; at += 2) {
    out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(data.readInt16LE(at) * gain))), at);
  }
  return out;
}

let real: Awaited<ReturnType<typeof createEngine>>;
let timbre: CustomersServer;
let service: Client;
let customerId: CustomerId;
let opened = 0;
/** Called when the first audio of an upload reaches the engine, before it is passed on. */
let onFirstAudio: (() => Promise<void>) | undefined;

/** The real engine, watched from outside. */
function watched(engine: AnalysisEngine): AnalysisEngine {
  return {
    model: engine.model,
    models: engine.models,
    status: () => engine.status(),
    open(request, listener): AnalysisStream {
      opened += 1;
      const stream = engine.open(request, listener);
      let before = onFirstAudio?.();
      onFirstAudio = undefined;
      return {
        push: (bytes) => {
          stream.push(bytes);
        },
        lost: (durationMs) => {
          stream.lost(durationMs);
        },
        forgetBefore: (positionMs) => {
          stream.forgetBefore(positionMs);
        },
        useModels: (modelIds) => {
          stream.useModels(modelIds);
        },
        flush: async () => {
          await before;
          before = undefined;
          await stream.flush();
        },
        close: () => {
          stream.close();
        },
      };
    },
  };
}

beforeAll(async () => {
  real = await createEngine({
    modelDir: new URL('../../models/timbre-sv-8k-v1', import.meta.url).pathname,
    workers: 1,
  });
  timbre = await startCustomers(watched(real), { maxUploadSeconds });
  service = await timbre.as('customer-service');
}, 60_000);
afterAll(async () => {
  await timbre.close();
  await real.shutdown();
});
beforeEach(async () => {
  customerId = await timbre.newCustomer();
  await timbre.giveConsent(customerId);
  opened = 0;
});

const upload = (file: Buffer, fields: Record<string, string> = {}) =>
  service.post(`/v1/customers/${customerId}/enrolments`).field(fields).attach('file', file, 'speech.wav');
const context = () => timbre.voiceprints.claimContext(timbre.tenantId, customerId);

async function refusals(reason: string): Promise<number> {
  const metrics = await timbre.server.parts.registry.metrics();
  const line = metrics
    .split('\n')
    .find((text) => text.startsWith(`timbre_enrolments_refused_total{reason="${reason}"}`));
  return Number(line?.split(' ')[1] ?? 0);
}

async function stored(): Promise<number> {
  const [row] = await timbre.rows(
    `SELECT (SELECT count(*) FROM voiceprints WHERE customer_id = $1)::int + (SELECT count(*) FROM enrolment_stretches WHERE customer_id = $1)::int
          + (SELECT count(*) FROM customer_keys WHERE customer_id = $1 AND wrapped_key IS NOT NULL)::int AS n`,
    customerId,
  );
  return row?.['n'] as number;
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

describe('an uploaded recording', () => {
  it('enrols the customer when it holds enough speech of one person', async () => {
    const answer = await upload(wav(speech('allison/enrol-1'))).expect(201);
    expect(answer.body).toMatchObject({ kind: 'enrolled' });
    const ready = await context();
    expect(ready.kind).toBe('ready');
    expect(ready.kind === 'ready' && ready.voiceprint.length).toBe(192);
  });

  it('with too little speech waits for the rest', async () => {
    const first = await upload(wav(speech('carlo/enrol-1').subarray(0, 10 * 16_000))).expect(202);
    expect(first.body).toMatchObject({ kind: 'incomplete', neededMs: 20_000 });
    expect((await context()).kind).toBe('enrolment-incomplete');
    await upload(wav(speech('carlo/enrol-2'))).expect(201);
    expect((await context()).kind).toBe('ready');
  });

  it('gives the same voice whichever side of a stereo recording it is on, when the side is said', async () => {
    const both = wav(stereo(speech('june/enrol-1'), speech('menardi/enrol-1')), 2);
    await upload(both, { callerChannel: '1' }).expect(201);
    const right = await context();
    customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId);
    await upload(wav(speech('menardi/enrol-1'))).expect(201);
    const alone = await context();
    if (right.kind !== 'ready' || alone.kind !== 'ready') throw new Error('not enrolled');
    expect(cosine(right.voiceprint, alone.voiceprint)).toBeGreaterThan(0.95);
  });

  it('counts once, however often and in whatever file it comes', async () => {
    const eightSeconds = speech('carlo/enrol-1').subarray(0, 8 * 16_000);
    const first = await upload(wav(eightSeconds)).expect(202);
    const later = [wav(eightSeconds), wav(stereo(eightSeconds, scaled(eightSeconds, 0.9)), 2)];
    for (const file of [...later, wav(Buffer.concat([Buffer.alloc(4000), eightSeconds]))]) {
      const fields: Record<string, string> = file.readUInt16LE(22) === 2 ? { callerChannel: '0' } : {};
      expect((await upload(file, fields).expect(202)).body).toEqual(first.body);
    }
    expect((await context()).kind).toBe('enrolment-incomplete');
    await upload(wav(speech('carlo/enrol-2'))).expect(201);
  });

  it('is one channel where both hold the caller, said or not, and the answer notes it', async () => {
    const both = stereo(speech('allison/enrol-1'), speech('allison/enrol-1'));
    const answer = await upload(wav(both, 2)).expect(201);
    expect(answer.body).toMatchObject({ kind: 'enrolled', notes: ['same-on-both-channels'] });
  });

  it('is read to its end when its recorder could not go back to fill in the length', async () => {
    const file = wav(speech('allison/enrol-1'));
    file.fill(0, 4, 8);
    file.fill(0, 40, 44);
    expect((await upload(file).expect(201)).body).toMatchObject({ notes: ['length-unknown'] });
  });

  it('without consent is not even looked at', async () => {
    customerId = await timbre.newCustomer();
    const answer = await upload(Buffer.from('not audio at all')).expect(409);
    expect(answer.body).toMatchObject({ type: 'urn:timbre:problem:no-consent', reason: 'consent-missing' });
    expect(opened).toBe(0);
  });

  it.each<{
    what: string;
    file: () => Buffer;
    status: number;
    slug: string;
    fields?: Record<string, string>;
  }>([
    { what: 'is no audio', file: () => Buffer.from('%PDF-1.7'), status: 415, slug: 'not-audio' },
    { what: 'is empty', file: () => Buffer.alloc(0), status: 400, slug: 'empty-audio' },
    { what: 'has no samples', file: () => wav(Buffer.alloc(0)), status: 400, slug: 'empty-audio' },
    {
      what: 'is an hour long',
      file: () => wav(Buffer.alloc(3600 * 16_000)),
      status: 413,
      slug: 'payload-too-large',
    },
    {
      what: 'is a little too long',
      file: () => wav(Buffer.alloc(121 * 16_000)),
      status: 413,
      slug: 'audio-too-long',
    },
    {
      what: 'is stereo without a side',
      file: () => wav(stereo(speech('allison/enrol-1'), speech('carlo/enrol-1')), 2),
      status: 400,
      slug: 'caller-channel-missing',
    },
    {
      what: 'has a wrong side',
      file: () => wav(Buffer.alloc(64_000), 2),
      status: 400,
      slug: 'bad-input',
      fields: { callerChannel: '2' },
    },
    {
      what: 'has an unknown field',
      file: () => wav(Buffer.alloc(64_000)),
      status: 400,
      slug: 'bad-input',
      fields: { speaker: 'x' },
    },
  ])('that $what is refused as $slug before any analysis', async ({ file, status, slug, fields }) => {
    const answer = await upload(file(), fields).expect(status);
    expect(answer.body).toMatchObject({ type: `urn:timbre:problem:${slug}` });
    expect(opened).toBe(0);
    expect(await stored()).toBe(0);
  });

  it('that is missing is asked for', async () => {
    for (const asked of [
      service.post(`/v1/customers/${customerId}/enrolments`),
      service.post(`/v1/customers/${customerId}/enrolments`).field('callerChannel', '0'),
    ]) {
      const answer = await asked.expect(400);
      expect(answer.body).toMatchObject({ errors: [{ field: 'file' }] });
    }
  });

  it.each<{ what: string; data: () => Buffer; code: string }>([
    {
      what: 'two speakers',
      data: () => Buffer.concat([speech('allison/enrol-1'), speech('carlo/enrol-1')]),
      code: 'two-speakers',
    },
    { what: 'no speech', data: () => Buffer.alloc(30 * 16_000), code: 'no-speech' },
    { what: 'clipped speech', data: () => scaled(speech('allison/enrol-1'), 60), code: 'quality-clipped' },
  ])('with $what is refused with the reason, counted, and nothing is stored', async ({ data, code }) => {
    const before = await refusals(code);
    const answer = await upload(wav(data())).expect(422);
    const { type, reasons } = answer.body as { type: string; reasons: { code: string }[] };
    expect(type).toBe('urn:timbre:problem:enrolment-refused');
    expect(reasons.map((reason) => reason.code)).toContain(code);
    expect((await refusals(code)) - before).toBe(1);
    expect(await stored()).toBe(0);
  });

  it('of another person does not disturb the enrolment that was begun', async () => {
    await upload(wav(speech('carlo/enrol-1').subarray(0, 14 * 16_000))).expect(202);
    await upload(wav(speech('june/enrol-1'))).expect(422);
    await upload(wav(speech('carlo/enrol-2'))).expect(201);
  });

  it('of another person is held beside the voiceprint, one of the same person replaces it', async () => {
    await upload(wav(speech('allison/enrol-1'))).expect(201);
    const before = await context();
    for (const other of ['june/enrol-1', 'menardi/enrol-1']) {
      const answer = await upload(wav(speech(other))).expect(202);
      expect(answer.body).toMatchObject({ kind: 'held', because: 'unlike-voiceprint' });
    }
    expect(await context()).toEqual(before);
    const again = Buffer.concat([speech('allison/enrol-2'), speech('allison/call-1')]);
    const { body } = await upload(wav(again)).expect(201);
    timbre.clock.now += dayMs;
    expect(await context()).toMatchObject({ voiceprintId: (body as { voiceprintId: string }).voiceprintId });
  });

  it('wins once when three voices come at the same time, and the others are held', async () => {
    const voices = ['allison/enrol-1', 'june/enrol-1', 'menardi/enrol-1'];
    const answers = await Promise.all(voices.map((voice) => upload(wav(speech(voice)))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 202, 202]);
    const others = answers.filter(({ status }) => status === 202);
    expect(others.map(({ body }: { body: { kind: string } }) => body.kind)).toEqual(['held', 'held']);
    const won = answers.find(({ status }) => status === 201)?.body as { voiceprintId: string };
    expect(await context()).toMatchObject({ voiceprintId: won.voiceprintId });
  });

  it('is dropped when consent is withdrawn while it is analysed', async () => {
    const { body } = await service.get(`/v1/customers/${customerId}/consents`);
    const [consent] = (body as { consents: { consentId: string }[] }).consents;
    onFirstAudio = async () => {
      await service.delete(`/v1/customers/${customerId}/consents/${consent!.consentId}`).expect(200);
    };
    const answer = await upload(wav(speech('allison/enrol-1'))).expect(409);
    expect(answer.body).toMatchObject({ type: 'urn:timbre:problem:no-consent', reason: 'consent-withdrawn' });
    expect(await stored()).toBe(0);
    expect(real.status().streams).toBe(0);
  });

  it('is dropped when the voiceprint is revoked while it is analysed', async () => {
    await upload(wav(speech('allison/enrol-1'))).expect(201);
    onFirstAudio = async () => {
      await service.delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    };
    const answer = await upload(wav(speech('allison/enrol-2'))).expect(409);
    expect(answer.body).toMatchObject({ type: 'urn:timbre:problem:erased-meanwhile' });
    expect(await stored()).toBe(1); // the tombstone
  });

  it('leaves nothing open in the engine, whatever became of it', () => {
    expect(real.status().streams).toBe(0);
  });
});
