import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  MkvOutputFormat,
  Output,
} from 'mediabunny';

import {
  aFragment,
  anErrorTag,
  element,
  fragmentNumber,
  integer,
  sizeBytes,
  unknownSize,
} from '../../../tools/call/kinesis-media.js';
import { ElementReader } from './element-reader.js';
import { type Fragment, FragmentReader } from './fragments.js';

const last = 'AWS_KINESISVIDEO_CONTINUATION_TOKEN';
const audio = randomBytes(16_000);

function read(bytes: Uint8Array, pieces: readonly number[] = [bytes.length]) {
  const reader = new FragmentReader(last);
  const news = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = pieces[i % pieces.length] ?? 1;
    news.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...news, ...reader.end()];
}

function fragmentsOf(bytes: Uint8Array, pieces?: readonly number[]): Fragment[] {
  return read(bytes, pieces).map((news) => {
    if (news.kind === 'malformed') throw new Error(news.why);
    return news.fragment;
  });
}

const heard = (fragment: Fragment, track: number): Buffer =>
  Buffer.concat(fragment.blocks.filter((block) => block.track === track).map(({ payload }) => payload));

describe('a Matroska stream', () => {
  it.each([false, true])(
    'reads what another muxer wrote (mediabunny; of unknown size: %p)',
    async (appendOnly) => {
      const target = new BufferTarget();
      const output = new Output({ format: new MkvOutputFormat({ appendOnly }), target });
      const sources = ['caller', 'agent'].map((name) => {
        const source = new EncodedAudioPacketSource('pcm-s16');
        output.addAudioTrack(source, { name });
        return source;
      });
      await output.start();
      const decoderConfig = { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: 8000 };
      const written: { track: number; timestampMs: number; payload: string }[] = [];
      // Six seconds: more than one cluster.
      for (let i = 0; i < 60; i += 1) {
        for (const [track, source] of sources.entries()) {
          const payload = randomBytes(1600);
          await source.add(new EncodedPacket(payload, 'key', i / 10, 0.1), { decoderConfig });
          written.push({ track: track + 1, timestampMs: i * 100, payload: payload.toString('hex') });
        }
      }
      await output.finalize();

      const fragments = fragmentsOf(new Uint8Array(target.buffer!), [1000]);
      expect(fragments[0]?.tracks).toEqual([
        { number: 1, name: 'caller' },
        { number: 2, name: 'agent' },
      ]);
      const blocks = fragments.flatMap((fragment) => fragment.blocks);
      expect(
        blocks.map(({ track, timestampMs, payload }) => ({
          ...{ track, timestampMs },
          payload: Buffer.from(payload).toString('hex'),
        })),
      ).toEqual(written);
    },
  );

  it('is written by the test’s own builder as another reader understands it', async () => {
    const bytes = aFragment({ number: 1, atMs: 4000, audio: { AUDIO_FROM_CUSTOMER: audio } });
    const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(Uint8Array.from(bytes)) });
    const track = (await input.getAudioTracks())[0]!;
    expect(await track.getName()).toBe('AUDIO_FROM_CUSTOMER');
    const packets = [];
    for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
    const [ours] = fragmentsOf(bytes);
    expect(packets.map(({ timestamp }) => Math.round(timestamp * 1000))).toEqual(
      ours?.blocks.map(({ timestampMs }) => timestampMs),
    );
    expect(Buffer.concat(packets.map(({ data }) => data)).equals(audio)).toBe(true);
  });

  it('reads documents one behind the other, each with the tags that follow its cluster', () => {
    const bytes = Buffer.concat(
      [1, 2, 3].map((number) =>
        aFragment({
          number,
          atMs: 1_700_000_000_000 + number * 1000,
          audio: { A: audio },
          contactId: `c-${number}`,
        }),
      ),
    );
    const fragments = fragmentsOf(bytes);
    expect(fragments.map(({ tags }) => tags.get('ContactId'))).toEqual(['c-1', 'c-2', 'c-3']);
    expect(fragments.map(({ tags }) => tags.get(last))).toEqual([1, 2, 3].map(fragmentNumber));
    for (const fragment of fragments) expect(heard(fragment, 1).equals(audio)).toBe(true);
    // 1024 bytes are 64 ms; the time since 1970 is beyond 32 bits.
    expect(fragments[2]?.blocks.slice(0, 2).map(({ timestampMs }) => timestampMs)).toEqual([
      1_700_000_003_000, 1_700_000_003_064,
    ]);
  });

  it('has a fragment as soon as its last tag is there', () => {
    const reader = new FragmentReader(last);
    expect(reader.push(aFragment({ number: 1, atMs: 0, audio: { A: audio } }))).toHaveLength(1);
    expect(reader.end()).toEqual([]);
  });

  it('keeps what a broken connection left of a fragment', () => {
    const whole = aFragment({ number: 1, atMs: 0, audio: { A: audio }, cutShort: true });
    const [fragment] = fragmentsOf(whole);
    expect(heard(fragment!, 1).equals(audio)).toBe(true);
    expect(fragment!.tags.has('ContactId')).toBe(false);
    // In the middle of a block: that block is gone, those before it are not.
    const [cut] = fragmentsOf(whole.subarray(0, whole.length - 500));
    expect(heard(cut!, 1).length).toBe(Math.floor((audio.length - 500) / 1024) * 1024);
  });

  it('reads negative times of blocks, and other scales than milliseconds', () => {
    const block = (ticks: number): Buffer => {
      const head = Buffer.from([0x81, 0, 0, 0x80, 7, 7]);
      head.writeInt16BE(ticks, 1);
      return head;
    };
    const cluster = Buffer.concat([integer(0xe7, 100), element(0xa3, block(-20)), element(0xa1, block(5))]);
    const bytes = Buffer.concat([
      element(0x1549a966, integer(0x2ad7b1, 2_000_000)),
      // BlockGroup, as some writers have it for the last one.
      element(0x1f43b675, cluster, unknownSize),
    ]);
    expect(fragmentsOf(bytes)[0]?.blocks.map(({ timestampMs }) => timestampMs)).toEqual([160, 210]);
  });

  it('gives the same for pieces of any size', () => {
    const short = audio.subarray(0, 3000);
    const bytes = Buffer.concat([
      aFragment({ number: 1, atMs: 1000, audio: { A: short, B: short }, contactId: 'x' }),
      anErrorTag(4000),
      aFragment({ number: 2, atMs: 2000, audio: { A: short } }),
    ]);
    const whole = fragmentsOf(bytes);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (pieces) => {
        expect(fragmentsOf(bytes, pieces)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('never throws, whatever comes, and holds no more than one element of it', () => {
    const good = aFragment({ number: 1, atMs: 1000, audio: { A: audio.subarray(0, 4096) }, contactId: 'x' });
    fc.assert(
      fc.property(fc.nat(good.length), fc.uint8Array({ maxLength: 64 }), (at, noise) => {
        read(Buffer.concat([good.subarray(0, at), noise, good.subarray(at)]), [777]);
        read(noise, [1]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['no id', Buffer.from([0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
    ['no size', Buffer.from([0xa3, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])],
    ['a block of unknown size', Buffer.from([0xa3, ...unknownSize])],
    ['a block without a head', element(0xa3, Buffer.from([0x81, 0]))],
  ])('says of %s that it is malformed', (_what, bytes) => {
    expect(read(bytes)).toEqual([{ kind: 'malformed', why: expect.any(String) }]);
  });

  it('skips what it does not know without keeping it, however long it is', () => {
    const reader = new ElementReader();
    // A Void of a terabyte.
    expect(reader.push(Buffer.from([0xec, ...sizeBytes(2 ** 40, 8)]))).toEqual([]);
    for (let i = 0; i < 100; i += 1) expect(reader.push(Buffer.alloc(65_536, 0xa3))).toEqual([]);
  });

  // RFC 8794 §4.4, table 4: the same value in 1, 2, 3 and 4 octets.
  it.each([[[0x82]], [[0x40, 0x02]], [[0x20, 0x00, 0x02]], [[0x10, 0x00, 0x00, 0x02]]])(
    'reads the size 2 written as %p',
    (size) => {
      const events = new ElementReader().push(Buffer.from([0xd7, ...size, 1, 2, 0xec, 0x80]));
      expect(events).toEqual([{ kind: 'value', element: 'TrackNumber', bytes: Buffer.from([1, 2]) }]);
    },
  );
});
