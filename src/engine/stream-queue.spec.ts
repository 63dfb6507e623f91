import { describe, expect, it } from '@jest/globals';
import type { StreamFormat } from '../core/audio/stream-format.js';
import { StreamQueue } from './stream-queue.js';
import type { StreamItem } from './worker/messages.js';

const format: StreamFormat = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 };

/** So many milliseconds of audio whose bytes tell its second. */
const audio = (ms: number, value = 0): Uint8Array => new Uint8Array(ms * 8).fill(value);

function takeAll(queue: StreamQueue): StreamItem[] {
  const items: StreamItem[] = [];
  for (let item = queue.next(); item; item = queue.next()) items.push(item);
  return items;
}

const inShort = (items: readonly StreamItem[]): string =>
  items
    .map((item) => {
      if (item.kind === 'audio') return `${item.bytes.length / 8}`;
      return item.kind === 'gap' ? `gap ${item.durationMs}` : 'flush';
    })
    .join(' ');

describe('StreamQueue', () => {
  it('gives a worker half a second at a time and more as it finishes', () => {
    const queue = new StreamQueue(format, 0);
    queue.addAudio(audio(1000), 0);
    expect(inShort(takeAll(queue))).toBe('250 250');
    queue.finish(1);
    expect(inShort(takeAll(queue))).toBe('250');
    expect(queue.positionMs).toBe(250);
    expect(queue.waitingMs).toBe(750);
  });

  it('never keeps the bytes of the caller', () => {
    const queue = new StreamQueue(format, 0);
    const bytes = audio(20, 1);
    queue.addAudio(bytes, 0);
    bytes.fill(2);
    expect(takeAll(queue)).toMatchObject([{ bytes: audio(20, 1) }]);
  });

  it('drops the oldest audio that has not gone out, and keeps its time', () => {
    const queue = new StreamQueue(format, 1000);
    queue.addAudio(audio(500, 1), 0);
    takeAll(queue);
    queue.addAudio(audio(1000, 2), 0);
    expect(queue.dropExcess()).toBe(500);
    expect(queue.waitingMs).toBe(1000);
    queue.finish(2);
    expect(inShort(takeAll(queue))).toBe('gap 500 250 250');
  });

  it('drops nothing of a stream that may wait', () => {
    const queue = new StreamQueue(format, 0);
    queue.addAudio(audio(60_000), 0);
    expect(queue.dropExcess()).toBe(0);
  });

  it('never drops a flush or a gap', () => {
    const queue = new StreamQueue(format, 250);
    queue.addAudio(audio(500), 0);
    takeAll(queue);
    queue.addAudio(audio(250), 0);
    queue.addGap(40);
    queue.addFlush(0, () => undefined);
    queue.dropExcess();
    queue.finish(2);
    expect(inShort(takeAll(queue))).toBe('gap 290 flush');
  });

  it('grows no list of gaps while a worker is stuck', () => {
    const queue = new StreamQueue(format, 500);
    for (let i = 0; i < 1000; i++) {
      queue.addAudio(audio(20), 0);
      queue.dropExcess();
    }
    expect(inShort(takeAll(queue)).split(' ').slice(0, 2)).toEqual(['gap', '19500']);
  });

  it('counts what a dead worker had as lost and posts the rest again', () => {
    const queue = new StreamQueue(format, 0);
    let flushed = false;
    queue.addAudio(audio(250), 0);
    queue.addFlush(0, () => (flushed = true));
    queue.addAudio(audio(20), 0);
    expect(inShort(takeAll(queue))).toBe('250 flush 20');
    expect(queue.takeBack()).toBe(270);
    expect(inShort(takeAll(queue))).toBe('gap 250 flush gap 20');
    expect(flushed).toBe(false);
    queue.finish(3);
    expect(flushed).toBe(true);
    expect(queue.positionMs).toBe(270);
  });

  it('lets go whoever waits for a flush when it is cleared', () => {
    const queue = new StreamQueue(format, 0);
    let flushed = false;
    queue.addFlush(0, () => (flushed = true));
    queue.clear();
    expect(flushed).toBe(true);
  });
});
