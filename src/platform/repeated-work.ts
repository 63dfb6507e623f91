/**
 * Work that is done when Timbre starts and at every interval, once at a time: an interval that finds it running leaves it out.
 * What a crash leaves undone, the next time finds.
 */
export class RepeatedWork<Result = void> {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<Result> | undefined;
  private hasBeenStopped = false;

  constructor(
    private readonly work: () => Promise<Result>,
    /** Of times that nobody waits for. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** True at shutdown: work that takes long asks between its steps and leaves the rest. */
  get isStopping(): boolean {
    return this.hasBeenStopped;
  }

  start(everyMs: number): void {
    const begin = (): void => {
      this.now().catch(this.failed);
    };
    begin();
    this.timer = setInterval(() => {
      if (this.running === undefined) begin();
    }, everyMs);
    this.timer.unref();
  }

  /** Does it once. Asked while it is being done, it is done again after that: what came up meanwhile is found. */
  async now(): Promise<Result> {
    while (this.running) await this.running.catch(() => undefined);
    const running = this.work();
    this.running = running;
    try {
      return await running;
    } finally {
      this.running = undefined;
    }
  }

  /** Resolves when nothing of it is being done any more. */
  async stop(): Promise<void> {
    this.hasBeenStopped = true;
    clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }
}
