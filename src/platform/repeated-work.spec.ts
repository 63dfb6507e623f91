import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RepeatedWork } from './repeated-work.js';

describe('repeated work', () => {
  /** Ends one time of the work; as many as have begun. */
  let ends: ((error?: Error) => void)[];
  let failed: unknown[];
  let work: RepeatedWork;
  const settled = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    jest.useFakeTimers();
    [ends, failed] = [[], []];
    const once = (): Promise<void> =>
      new Promise((resolve, reject) => {
        ends.push((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    work = new RepeatedWork(once, (error) => failed.push(error));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('begins at once and again at every interval, but never beside itself', async () => {
    work.start(1000);
    expect(ends).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(5000);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(1000);
    expect(ends).toHaveLength(2);
  });

  it('asked for while it is being done is done once more after that, for each who asks', async () => {
    work.start(1000);
    const asked = [work.now(), work.now()];
    await settled();
    expect(ends).toHaveLength(1);
    for (let done = 0; done < 3; done += 1) {
      expect(ends).toHaveLength(done + 1);
      ends[done]?.();
      await settled();
    }
    await Promise.all(asked);
    expect(ends).toHaveLength(3);
  });

  it('that failed is told of and tried again; who waits for it hears of it alone', async () => {
    work.start(1000);
    ends[0]?.(new Error('no database'));
    await settled();
    expect(failed).toEqual([new Error('no database')]);
    const waited = work.now();
    ends[1]?.(new Error('still none'));
    await expect(waited).rejects.toThrow('still none');
    expect(failed).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1000);
    expect(ends).toHaveLength(3);
  });

  it('at shutdown begins no more, and is waited for', async () => {
    work.start(1000);
    let isStopped = false;
    const stopping = work.stop().then(() => {
      isStopped = true;
    });
    expect(work.isStopping).toBe(true);
    await jest.advanceTimersByTimeAsync(5000);
    expect([ends.length, isStopped]).toEqual([1, false]);
    ends[0]?.();
    await stopping;
    expect(ends).toHaveLength(1);
  });
});
