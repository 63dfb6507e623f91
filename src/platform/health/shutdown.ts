/**
 * In this order: `end-calls` tells live calls and waits for their last results,
 * `flush` writes what is still queued. Sockets, bus and database are closed after both.
 */
const phases = ['end-calls', 'flush'] as const;
export type ShutdownPhase = (typeof phases)[number];

/** What must be done before sockets close; parts register it when they start. */
export class Shutdown {
  private readonly steps: {
    readonly phase: ShutdownPhase;
    readonly name: string;
    readonly run: () => Promise<void>;
  }[] = [];
  private hasBegun = false;

  /** True from the first moment of shutdown: refuse new calls. */
  get begun(): boolean {
    return this.hasBegun;
  }

  register(phase: ShutdownPhase, name: string, run: () => Promise<void>): void {
    this.steps.push({ phase, name, run });
  }

  /** Runs phase after phase, the steps of one side by side, each phase for `graceMs` at most. Returns the names of the steps that failed or did not end in time. */
  async run(graceMs: number): Promise<readonly string[]> {
    this.hasBegun = true;
    const unfinished: string[] = [];
    for (const phase of phases) {
      const steps = this.steps.filter((step) => step.phase === phase);
      await Promise.all(
        steps.map(async (step) => {
          if (!(await endsInTime(step.run, graceMs))) unfinished.push(step.name);
        }),
      );
    }
    return unfinished;
  }
}

async function endsInTime(run: () => Promise<void>, graceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, graceMs);
  });
  try {
    return await Promise.race([run().then(() => true), timeout]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
