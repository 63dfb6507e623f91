/** Resolves when the part can do its work; the rejection's message says why it cannot. */
export type ReadinessCheck = () => Promise<void> | void;

export interface ReadinessReport {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'up' | 'down'>>;
}

/** Parts register what must be true for traffic to be sent here; /health/ready asks them. */
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  #stopping = false;

  register(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`Readiness check ${name} is registered already`);
    this.#checks.set(name, check);
  }

  /** From now on not ready: the load balancer sends new calls elsewhere. */
  turnOff(): void {
    this.#stopping = true;
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]): Promise<[string, 'up' | 'down']> => {
        try {
          await check();
          return [name, 'up'];
        } catch {
          return [name, 'down'];
        }
      }),
    );
    return {
      ready: !this.#stopping && results.every(([, state]) => state === 'up'),
      checks: Object.fromEntries(results),
    };
  }
}
