/** Two seconds of packets of 20 ms. */
const mostAhead = 100;

/**
 * One bad packet never ends a listener: it is dropped and counted. A stream is given up when its bad packets are this many ahead of
 * its good ones, since then nothing of it can be heard.
 */
export class FaultBudget {
  private ahead = 0;

  /** False: that was one too many. */
  spend(): boolean {
    this.ahead += 1;
    return this.ahead < mostAhead;
  }

  earn(): void {
    this.ahead = Math.max(0, this.ahead - 1);
  }
}
