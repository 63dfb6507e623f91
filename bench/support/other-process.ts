import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** From the root of the repository, where tests and benchmarks run. */
const main = 'dist/src/main.js';

/** A Timbre that may be killed or stopped, on a database that others use too. Build first. */
export class OtherProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(
    databaseUrl: string,
    masterKey: Buffer,
    more: Readonly<Record<string, string>> = {},
  ): Promise<OtherProcess> {
    const child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: databaseUrl,
        TIMBRE_MASTER_KEY: masterKey.toString('base64'),
        TIMBRE_HTTP_PORT: '0',
        TIMBRE_WORKERS: '1',
        TIMBRE_DATABASE_POOL: '5',
        ...more,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line) as { msg: string; url?: string };
      if (entry.msg !== 'Timbre is ready' || entry.url === undefined) continue;
      child.stdout.resume();
      return new OtherProcess(child, entry.url);
    }
    throw new Error('the process ended before it was ready');
  }

  /** Sent, not yet taken: SIGSTOP has no end to wait for. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
