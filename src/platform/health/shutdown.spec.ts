import { describe, expect, it } from '@jest/globals';
import { Shutdown } from './shutdown.js';

const never = new Promise<void>(() => undefined);

describe('shutdown', () => {
  it('ends calls before it flushes, in whatever order the parts registered', async () => {
    const done: string[] = [];
    const shutdown = new Shutdown();
    shutdown.register('flush', 'writer', () => {
      done.push('writer');
      return Promise.resolve();
    });
    shutdown.register('end-calls', 'calls', async () => {
      await Promise.resolve();
      done.push('calls');
    });
    expect(await shutdown.run(1000)).toEqual([]);
    expect(done).toEqual(['calls', 'writer']);
  });

  it('has begun before the first step runs', async () => {
    const shutdown = new Shutdown();
    const seen: boolean[] = [shutdown.begun];
    shutdown.register('end-calls', 'calls', () => {
      seen.push(shutdown.begun);
      return Promise.resolve();
    });
    await shutdown.run(1000);
    expect(seen).toEqual([false, true]);
  });

  it('goes on past a step that fails, throws or does not end, and names it', async () => {
    const done: string[] = [];
    const shutdown = new Shutdown();
    shutdown.register('end-calls', 'hangs', () => never);
    shutdown.register('end-calls', 'fails', () => Promise.reject(new Error('no')));
    shutdown.register('end-calls', 'throws', () => {
      throw new Error('at once');
    });
    shutdown.register('flush', 'writer', () => {
      done.push('writer');
      return Promise.resolve();
    });
    expect((await shutdown.run(1)).toSorted()).toEqual(['fails', 'hangs', 'throws']);
    expect(done).toEqual(['writer']);
  });
});
