/** Two seconds of packets of 20 ms. */
const MOST_AHEAD = 100;

/**
 * One bad packet never ends a listener: it is dropped and counted. A stream is given up when its bad packets are this many ahead of
 * its good ones, since then nothing of it can be heard.
 */
export class FaultBudget {
  #ahead = 0;

  /** False: that was one too many. */
  spend(): boolean {
    this.#ahead += 1;
    return this.#ahead < MOST_AHEAD;
  }

  earn(): void {
    this.#ahead = Math.max(0, this.#ahead - 1);
  }
}
