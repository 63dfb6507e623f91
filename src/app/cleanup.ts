import type { Logger } from '../platform/logging/logger.js';

/** Closes what was started, last first; one that fails is logged and does not keep the others open. */
export class Cleanup {
  private readonly steps: { readonly name: string; readonly close: () => Promise<void> }[] = [];
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  add(name: string, close: () => Promise<void>): void {
    this.steps.push({ name, close });
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        this.logger.error({ err: error, part: step.name }, 'closing failed');
      }
    }
  }
}
