import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  readonly args?: readonly string[];
  /** The processors it may run on, as taskset takes them; null: any. */
  readonly processors: string | null;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeOptions?: readonly string[];
}

/** A script of this folder in a process of its own, held on its processors. */
export function startChild(script: string, options: ChildOptions): ChildProcess {
  const { args = [], processors, env = {}, nodeOptions = [] } = options;
  const placed = processors === null ? [] : ['-c', processors, process.execPath];
  return fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    execPath: processors === null ? process.execPath : 'taskset',
    execArgv: [...placed, ...nodeOptions],
    env: { ...process.env, ...env },
    // Results go over the channel; what a service logs must not be mixed with them.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
}

/** What a child says, in order; nothing is missed while nobody waits. Asking rejects once it has ended. */
export class Messages {
  private readonly said: unknown[] = [];
  private waiting: { resolve: (message: unknown) => void; reject: (error: Error) => void } | undefined;
  private ended: Error | undefined;

  constructor(child: ChildProcess) {
    child.on('message', (message) => {
      if (this.waiting) this.waiting.resolve(message);
      else this.said.push(message);
      this.waiting = undefined;
    });
    child.once('exit', (code) => {
      this.ended = new Error(`${child.spawnargs.join(' ')} ended (${String(code)}) before it answered`);
      this.waiting?.reject(this.ended);
    });
  }

  async next<T>(): Promise<T> {
    if (this.said.length > 0) return this.said.shift() as T;
    if (this.ended) throw this.ended;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve: resolve as (message: unknown) => void, reject };
    });
  }
}
