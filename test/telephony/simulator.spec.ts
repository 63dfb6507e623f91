import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { callProtocolNames } from '../../src/core/calls/protocols.js';
import { encodeL16 } from '../../src/core/audio/pcm.js';
import { StreamDecoder } from '../../src/core/audio/decoder.js';
import { speakerOf } from '../../tools/call/protocols.js';
import { type CallOptions, streamCall } from '../../tools/call/stream-call.js';
import type { FakeCall } from './fake-intake.js';
import { choiceOf, secrets, urlAt } from './peers.js';
import { TelephonyServer } from './server.js';

const server = new TelephonyServer();
let folder: string;
let mono: string;
let stereo: string;

/** A quarter of a second of 440 Hz, and its negative on the right where there is one. */
function tone(channels: 1 | 2): Float32Array {
  return Float32Array.from({ length: 2000 * channels }, (_, i) => {
    const sample = 0.5 * Math.sin((2 * Math.PI * 440 * Math.floor(i / channels)) / 8000);
    return channels === 2 && i % 2 === 1 ? -sample : sample;
  });
}

/** A 44-byte header as http://soundfile.sapp.org/doc/WaveFormat/ describes it. */
function wav(channels: 1 | 2): Buffer {
  const data = Buffer.from(encodeL16(tone(channels)));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000 * 2 * channels, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

beforeAll(async () => {
  await server.start();
  folder = await mkdtemp(join(tmpdir(), 'timbre-call-'));
  mono = join(folder, 'mono.wav');
  stereo = join(folder, 'stereo.wav');
  await writeFile(mono, wav(1));
  await writeFile(stereo, wav(2));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function aPlainCall(fields: Partial<CallOptions> = {}): CallOptions {
  const url = `${server.url}/v1/telephony/stream`;
  return {
    files: [mono],
    url,
    protocol: { kind: 'plain', token: 'telephony', results: true },
    speed: 0,
    ...fields,
  };
}

/** What the analysis would hear of a call. */
function heard(call: FakeCall): Float32Array {
  return new StreamDecoder(call.description.format).decode(call.bytes);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('the call simulator', () => {
  it('plays a file as a call and tells what came of it', async () => {
    const opened = server.intake.next();
    const started: string[] = [];
    const outcome = await streamCall(aPlainCall({ customer: 'ACC-1', ani: '+15550100', callId: 'ext-9' }), {
      onStarted: (callId) => started.push(callId),
    });
    const call = await opened;
    expect(outcome).toMatchObject({
      kind: 'completed',
      callId: call.callId,
      sentMs: 260,
      lastResult: { callId: call.callId },
    });
    expect(started).toEqual([call.callId]);
    expect(call.description).toMatchObject({
      externalId: 'ext-9',
      claimedCustomer: 'ACC-1',
      ani: '+15550100',
    });
    expect(heard(call)).toHaveLength(2000);
  });

  it.each([
    ['mulaw', 8000],
    ['alaw', 8000],
    ['l16', 8000],
    ['l16', 16000],
    ['l16', 48000],
    ['mulaw', 16000],
  ] as const)('sends %s at %d Hz that sounds like the file', async (encoding, sampleRateHz) => {
    const opened = server.intake.next();
    await streamCall(aPlainCall({ encoding, sampleRateHz }));
    const call = await opened;
    expect(call.description.format).toMatchObject({ encoding, sampleRateHz, channels: 1 });
    // A tone of amplitude 0.5 has an RMS of 0.5/√2; the decimator's edges and G.711's steps take a little.
    expect(rms(heard(call))).toBeCloseTo(0.5 / Math.SQRT2, 1);
  });

  it('sends several files as one call', async () => {
    const opened = server.intake.next();
    await streamCall(aPlainCall({ files: [mono, mono, mono] }));
    expect(heard(await opened)).toHaveLength(6000);
  });

  it.each([0, 1] as const)(
    'keeps both channels of a stereo file, the caller on channel %d',
    async (callerChannel) => {
      const opened = server.intake.next();
      await streamCall(aPlainCall({ files: [stereo], callerChannel, encoding: 'l16' }));
      const call = await opened;
      expect(call.description.format).toMatchObject({ channels: 2, callerChannel });
      const sample = heard(call)[4] ?? 0;
      expect(Math.sign(sample)).toBe(callerChannel === 0 ? 1 : -1);
    },
  );

  it('gives a mono file a silent other side when asked for stereo', async () => {
    const opened = server.intake.next();
    await streamCall(aPlainCall({ stereo: true, callerChannel: 1, encoding: 'l16' }));
    expect(rms(heard(await opened))).toBe(0);
  });

  const everyFormat = callProtocolNames.flatMap((kind) => {
    const { encodings, ratesHz } = speakerOf(kind);
    return encodings.flatMap((encoding) =>
      // G.711 is at 8 kHz (ITU-T G.711 §2); Timbre's own protocol alone takes it faster.
      ratesHz.filter((hz) => encoding === 'l16' || hz === 8000).map((hz) => [kind, encoding, hz] as const),
    );
  });
  it.each(everyFormat)(
    'plays a call as %s would, in %s at %d Hz, and the caller is told from the agent',
    async (kind, encoding, sampleRateHz) => {
      const opened = server.intake.next();
      const said = {
        customer: 'ACC-1',
        ani: '+15550100',
        dnis: '+15550199',
        callId: '00000000-0000-4000-8000-000000000009',
        direction: 'inbound',
        attestation: 'B',
      } as const;
      server.nowMs = Date.now();
      const outcome = await streamCall({
        files: [stereo, stereo],
        url: urlAt(server.url, kind),
        speed: 0,
        protocol: choiceOf(kind, secrets),
        encoding,
        sampleRateHz,
        ...said,
      });
      const call = await opened;
      expect(outcome).toMatchObject({ kind: 'completed', sentMs: 500 });
      expect(await call.closed).toBe('ended');
      expect(call.description).toMatchObject({
        protocol: kind,
        externalId: said.callId,
        claimedCustomer: said.customer,
        ani: said.ani,
        dnis: said.dnis,
        direction: 'inbound',
        attestation: 'B',
        format: { encoding, sampleRateHz },
      });
      expect(call.description).not.toHaveProperty('mixed');
      expect(call.lostMs).toEqual([]);
      expect(heard(call)).toHaveLength(4000);
      expect(rms(heard(call))).toBeCloseTo(0.5 / Math.SQRT2, 1);
      // The right channel of the file is the negative of the left one, which begins upwards.
      const first = heard(call).find((sample) => Math.abs(sample) > 0.2);
      expect(first).toBeGreaterThan(0);
    },
  );

  it.each(['jambonz', 'freeswitch'] as const)('puts the caller first as %s does', async (kind) => {
    const opened = server.intake.next();
    const url = `${server.url}/v1/telephony/${kind}`;
    const options = { files: [stereo], url, speed: 0, callerChannel: 1, encoding: 'l16' } as const;
    await streamCall({ ...options, protocol: { kind, token: 'telephony' } });
    const call = await opened;
    expect(call.description.format).toMatchObject({ channels: 2, callerChannel: 0 });
    // The right channel of the file is the negative of the left one.
    expect(Math.sign(heard(call)[4] ?? 0)).toBe(-1);
  });

  it.each(['jambonz', 'freeswitch', 'vonage', 'asterisk'] as const)(
    'gives both voices of a call as one when %s does, and says so',
    async (kind) => {
      const opened = server.intake.next();
      const url = `${server.url}/v1/telephony/${kind}`;
      const options = { files: [stereo], url, speed: 0, encoding: 'l16' } as const;
      await streamCall({ ...options, protocol: { kind, token: 'telephony', mixed: true } });
      const call = await opened;
      expect(call.description).toMatchObject({ mixed: true, format: { channels: 1 } });
      // A channel and its negative leave nothing.
      expect(rms(heard(call))).toBe(0);
    },
  );

  it.each([
    ['mulaw', 8000, false],
    ['alaw', 8000, true],
    ['l16', 16000, true],
    ['l16', 48000, false],
  ] as const)('speaks as an Asterisk set to %s at %d Hz, JSON %s', async (encoding, sampleRateHz, json) => {
    const opened = server.intake.next();
    const url = `${server.url}/v1/telephony/asterisk`;
    const options = { files: [mono], url, speed: 0, encoding, sampleRateHz } as const;
    await streamCall({ ...options, protocol: { kind: 'asterisk', token: 'telephony', json } });
    const call = await opened;
    expect(call.description.format).toMatchObject({ encoding, sampleRateHz });
    expect(rms(heard(call))).toBeCloseTo(0.5 / Math.SQRT2, 1);
  });

  it('hangs up when told to, as at the end of a call', async () => {
    const opened = server.intake.next();
    const hangUp = new AbortController();
    const outcome = await streamCall(aPlainCall({ speed: 1, hangUp: hangUp.signal }), {
      onSent: (sentMs) => {
        if (sentMs === 60) hangUp.abort();
      },
    });
    expect(outcome).toMatchObject({ kind: 'completed', sentMs: 60 });
    expect(await (await opened).closed).toBe('ended');
  });

  it('says why a call was cut off', async () => {
    const opened = server.intake.next();
    const playing = streamCall(aPlainCall({ speed: 1, files: [mono, mono, mono, mono] }), {
      onStarted: () => {
        void opened.then((call) => {
          call.end('engine-failure');
        });
      },
    });
    expect(await playing).toMatchObject({
      kind: 'cut-off',
      closeCode: 1011,
      error: { code: 'engine-failure' },
    });
  });

  it('says that it was refused, and why', async () => {
    const stranger = aPlainCall({ protocol: { kind: 'plain', token: 'agent' } });
    expect(await streamCall(stranger)).toEqual({
      kind: 'refused',
      status: 403,
      title: 'This needs the role telephony',
    });
    const lost = aPlainCall({ url: `${server.url}/v1/nothing` });
    expect(await streamCall(lost)).toMatchObject({ kind: 'refused', status: 404 });
  });

  it('says that nobody is there', async () => {
    expect(await streamCall(aPlainCall({ url: 'ws://127.0.0.1:9/' }))).toMatchObject({ kind: 'unreachable' });
  });

  it('names a file that it can not play', async () => {
    const broken = join(folder, 'broken.wav');
    await writeFile(broken, 'not a WAV');
    await expect(streamCall(aPlainCall({ files: [broken] }))).rejects.toThrow(/broken\.wav: not-wav/);
  });
});
