/** Resolves when the part can do its work; the rejection's message says why it cannot. */
export type ReadinessCheck = () => Promise<void> | void;

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'up' | 'down'>>;
  /** What somebody must look at though calls go on; absent when there is nothing. */
  readonly warnings?: readonly string[];
}

/** Parts register what must be true for traffic to be sent here; /health/ready asks them. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly warnings = new Map<string, () => boolean>();
  private stopping = false;

  register(name: string, check: ReadinessCheck): void {
    if (this.checks.has(name)) throw new Error(`Readiness check ${name} is registered already`);
    this.checks.set(name, check);
  }

  /** A warning keeps no traffic away: it is shown for as long as the part says so. */
  warnOf(name: string, isDue: () => boolean): void {
    this.warnings.set(name, isDue);
  }

  /** From now on not ready: the load balancer sends new calls elsewhere. */
  turnOff(): void {
    this.stopping = true;
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, 'up' | 'down']> => {
        try {
          await check();
          return [name, 'up'];
        } catch {
          return [name, 'down'];
        }
      }),
    );
    const warnings = [...this.warnings].flatMap(([name, isDue]) => (isDue() ? [name] : []));
    return {
      ...(warnings.length > 0 && { warnings }),
      ready: !this.stopping && results.every(([, state]) => state === 'up'),
      checks: Object.fromEntries(results),
    };
  }
}
