import { describe, expect, it } from '@jest/globals';

import { aFragment, type AFragment, anErrorTag, fragmentNumber } from '../../../tools/call/kinesis-media.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import { KinesisMachine } from './kinesis-machine.js';
import { startRequest } from './start-request.js';

const streamArn = 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/demo-contact-ab/1700000000000';
const contactId = '7b1c0c44-5e0b-4d1c-9a55-2f4be2f1a001';
const atMs = 1_700_000_000_000;
/** A second of 16-bit audio at 8 kHz, every sample of one value. */
const second = (value: number): Buffer => Buffer.from(new Int16Array(8000).fill(value).buffer);

class Talk {
  readonly machine: KinesisMachine;
  readonly done: ProtocolAction[] = [];

  constructor(more: object = {}) {
    const request = startRequest.parse({ streamArn, contactId, ...more });
    this.machine = new KinesisMachine(request, { firstMessageMs: 5000, silenceMs: 60_000 }, 0);
  }

  hear(fields: Partial<AFragment> & { number: number }, nowMs = 0): ProtocolActions {
    const { number } = fields;
    const audio = { AUDIO_FROM_CUSTOMER: second(number), AUDIO_TO_CUSTOMER: second(-number) };
    const bytes = aFragment({ atMs: atMs + number * 1000, audio, contactId, ...fields });
    return this.perform(this.machine.binary(bytes, nowMs));
  }

  perform(actions: ProtocolActions): ProtocolActions {
    return actions.flatMap((action) => {
      this.done.push(action);
      return action.kind === 'end' ? [action, ...this.perform(this.machine.flushed())] : [action];
    });
  }

  /** All samples handed on, channel by channel. */
  samples(channels: 1 | 2): Int16Array[] {
    const bytes = Buffer.concat(this.of('audio').map((action) => action.bytes));
    const all = new Int16Array(Uint8Array.from(bytes).buffer);
    return Array.from({ length: channels }, (_, c) => all.filter((_sample, i) => i % channels === c));
  }

  of<Kind extends ProtocolAction['kind']>(kind: Kind): Extract<ProtocolAction, { kind: Kind }>[] {
    return this.done.filter(
      (action): action is Extract<ProtocolAction, { kind: Kind }> => action.kind === kind,
    );
  }
}

describe('a contact in a Kinesis video stream', () => {
  it('is one call of two channels, the customer first, whatever the codec id says', () => {
    const facts = { ani: '+15550100', dnis: '+15550199', direction: 'inbound', attestation: 'B' };
    const talk = new Talk({ customerId: 'ACC-1', ...facts, metadata: { queue: 'payments' } });
    talk.hear({ number: 1 });
    talk.hear({ number: 2 });
    talk.perform(talk.machine.ended('ended'));
    expect(talk.of('open')).toEqual([
      {
        kind: 'open',
        description: {
          protocol: 'kinesis',
          externalId: contactId,
          format: { encoding: 'l16', sampleRateHz: 8000, channels: 2, callerChannel: 0 },
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'payments' },
          ...facts,
          streamKey: contactId,
          resumes: [contactId],
        },
      },
    ]);
    const [customer, agent] = talk.samples(2);
    expect(customer).toHaveLength(16_000);
    expect([0, 7999, 8000, 15_999].map((i) => customer?.[i])).toEqual([1, 1, 2, 2]);
    expect([0, 7999, 8000, 15_999].map((i) => agent?.[i])).toEqual([-1, -1, -2, -2]);
    expect(talk.of('lost')).toEqual([]);
    expect(
      talk
        .of('audio')
        .map(({ positionMs }) => positionMs)
        .slice(0, 2),
    ).toEqual([0, 64]);
  });

  it.each([
    ['the legacy name', 'Track_audio/L16'],
    ['the customer’s name', 'AUDIO_FROM_CUSTOMER'],
    ['a name of Chime’s, which has a stream for each leg', 'audio'],
  ])('has one channel where there is one track, under %s', (_what, name) => {
    const talk = new Talk();
    talk.hear({ number: 1, audio: { [name]: second(5) } });
    expect(talk.of('open')[0]?.description.format).toMatchObject({ channels: 1, sampleRateHz: 8000 });
    expect(talk.samples(1)[0]).toEqual(new Int16Array(8000).fill(5));
  });

  it('tells the tracks by name, not by number or order', () => {
    const talk = new Talk();
    talk.hear({ number: 1, audio: { AUDIO_TO_CUSTOMER: second(-1), AUDIO_FROM_CUSTOMER: second(1) } });
    talk.hear({ number: 2 });
    talk.perform(talk.machine.ended('ended'));
    expect(new Set(talk.samples(2)[0])).toEqual(new Set([1, 2]));
  });

  it('is heard at the rate that its MimeType says', () => {
    const talk = new Talk();
    talk.hear({ number: 1, rateHz: 16_000 });
    expect(talk.of('open')[0]?.description.format.sampleRateHz).toBe(16_000);
  });

  it.each([
    ['a rate that no phone has', { rateHz: 11_025 }],
    ['the agent alone', { audio: { AUDIO_TO_CUSTOMER: second(1) } }],
    ['two tracks that nobody can tell apart', { audio: { a: second(1), b: second(2) } }],
  ])('is not taken with %s', (_what, fields) => {
    const talk = new Talk();
    talk.hear({ number: 1, ...fields });
    expect(talk.done).toEqual([
      { kind: 'count', code: 'unsupported-format' },
      { kind: 'close', closeCode: 4003, reason: 'unsupported-format' },
    ]);
  });

  it('begins behind the contact that had the stream before, and ends where the next one begins', () => {
    const talk = new Talk();
    expect(talk.hear({ number: 1, contactId: 'before' })).toEqual([]);
    talk.hear({ number: 2 });
    talk.hear({ number: 3, contactId: 'after' });
    expect(talk.of('end')).toEqual([{ kind: 'end', reason: 'ended' }]);
    expect(talk.done.at(-1)).toEqual({ kind: 'close', closeCode: 1000, reason: 'ended' });
    expect(new Set(talk.samples(2)[0])).toEqual(new Set([2]));
    // Nothing of what comes then is anybody's.
    expect(talk.hear({ number: 4 })).toEqual([]);
  });

  it('goes on in the next body behind the last fragment, without hearing one twice', () => {
    const talk = new Talk({ startTimestampMs: atMs });
    expect(talk.machine.readFrom).toEqual({ kind: 'produced', atMs });
    talk.hear({ number: 1 });
    talk.hear({ number: 2 });
    talk.perform(talk.machine.text('ended', 3000));
    expect(talk.machine.readFrom).toEqual({ kind: 'continuation', token: fragmentNumber(2) });
    talk.hear({ number: 2 });
    talk.hear({ number: 3 });
    talk.perform(talk.machine.ended('ended'));
    expect(talk.samples(2)[0]).toHaveLength(24_000);
    expect(talk.of('lost')).toEqual([]);
  });

  it('counts a fragment that is missing as lost', () => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    talk.hear({ number: 3 });
    expect(talk.of('lost').map(({ durationMs }) => durationMs)).toEqual([1000]);
  });

  it('begins where it is told: by time before number, since by number the first second is lost', () => {
    const number = '913438';
    expect(new Talk().machine.readFrom).toEqual({ kind: 'now' });
    expect(new Talk({ startFragmentNumber: number }).machine.readFrom).toEqual({ kind: 'fragment', number });
    const both = new Talk({ startFragmentNumber: number, startTimestampMs: atMs });
    expect(both.machine.readFrom).toEqual({ kind: 'produced', atMs });
  });

  it('goes on by time when its token is not taken', () => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    expect(talk.perform(talk.machine.text('failed', 0))).toEqual([{ kind: 'count', code: 'platform-error' }]);
    expect(talk.machine.readFrom).toEqual({ kind: 'produced', atMs: atMs + 1000 });
  });

  it('goes on behind an error of Amazon’s, and behind bytes that are no Matroska', () => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    talk.perform(talk.machine.binary(anErrorTag(5000), 0));
    talk.perform(talk.machine.text('ended', 0));
    talk.perform(talk.machine.binary(Buffer.alloc(32), 0));
    talk.perform(talk.machine.text('ended', 0));
    talk.hear({ number: 2 });
    talk.perform(talk.machine.ended('ended'));
    expect(talk.of('count').map(({ code }) => code)).toEqual(['platform-error', 'invalid-payload']);
    expect(new Set(talk.samples(2)[0])).toEqual(new Set([1, 2]));
  });

  it('ends when the stream’s key may not be used', () => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    talk.perform(talk.machine.binary(anErrorTag(4504), 0));
    talk.perform(talk.machine.text('ended', 0));
    expect(talk.of('end')).toEqual([{ kind: 'end', reason: 'protocol-error' }]);
    expect(talk.done.at(-1)).toMatchObject({ kind: 'close', reason: 'unreadable-stream' });
  });

  it('hears what a broken connection left of a fragment, and not twice when it comes whole', () => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    talk.hear({ number: 2, cutShort: true });
    talk.perform(talk.machine.text('ended', 2000));
    talk.hear({ number: 2 });
    talk.hear({ number: 3 });
    talk.perform(talk.machine.ended('ended'));
    expect(talk.samples(2)[0]).toHaveLength(24_000);
  });

  it('ends when no fragment has come for 30 s: nothing else says that a contact is over', () => {
    const talk = new Talk();
    talk.hear({ number: 1 }, 1000);
    expect(talk.machine.tick(30_999)).toEqual([]);
    talk.perform(talk.machine.tick(31_000));
    expect(talk.of('end')).toEqual([{ kind: 'end', reason: 'ended' }]);
    expect(talk.machine.tick(99_000)).toEqual([]);
  });

  it('gives up a stream in which the contact never begins', () => {
    const talk = new Talk();
    talk.hear({ number: 1, contactId: 'another' }, 1000);
    talk.perform(talk.machine.tick(30_000));
    expect(talk.done).toEqual([
      { kind: 'count', code: 'start-timeout' },
      { kind: 'close', closeCode: 4008, reason: 'start-timeout' },
    ]);
  });

  it.each(['shutdown', 'engine-failure'] as const)('ends once, by Timbre’s own %s', (reason) => {
    const talk = new Talk();
    talk.hear({ number: 1 });
    talk.perform(talk.machine.ended(reason));
    talk.perform(talk.machine.ended(reason));
    expect(talk.of('end')).toEqual([{ kind: 'end', reason }]);
    expect(talk.of('close')).toHaveLength(1);
  });

  it('places blocks by the producer’s clock where a stream counts from each fragment’s beginning', () => {
    const talk = new Talk();
    const tags = (number: number) => ({
      AWS_KINESISVIDEO_PRODUCER_TIMESTAMP: `${String(1_700_000_000 + number)}.000`,
    });
    for (const number of [1, 2, 4]) talk.hear({ number, atMs: 0, tags: tags(number) });
    expect(talk.of('lost').map(({ durationMs }) => durationMs)).toEqual([1000]);
  });
});
