import { execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { Messages, startChild } from './child.js';
import type { BenchQuestion, BenchServer } from './server.js';

/** Timbre under measurement: a process of its own that is asked what it uses. */
export class Service {
  private constructor(
    private readonly child: ChildProcess,
    private readonly messages: Messages,
    readonly ready: BenchServer,
  ) {}

  static async start(dataDir: string, modelDir: string, processors: string | null): Promise<Service> {
    const child = startChild('./server.js', {
      processors,
      env: { TIMBRE_DATA_DIR: dataDir, TIMBRE_MODEL_DIR: modelDir },
    });
    const messages = new Messages(child);
    return new Service(child, messages, await messages.next());
  }

  ask<T>(question: BenchQuestion): Promise<T> {
    this.child.send(question);
    return this.messages.next();
  }

  /** On all processors from here on: a profiler's clock is a thread of its own and must not wait for the one it watches. */
  spread(): void {
    const all = `0-${cpus().length - 1}`;
    execFileSync('taskset', ['-a', '-c', '-p', all, String(this.child.pid)], { stdio: 'ignore' });
  }

  async stop(): Promise<void> {
    this.child.send('stop');
    await once(this.child, 'exit');
  }
}
