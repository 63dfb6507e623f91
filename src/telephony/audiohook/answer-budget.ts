/** What Genesys takes of a server's messages: https://developer.genesys.cloud/devapps/audiohook/ */
const perSecond = 5;
const burst = 25;
/** Kept for opened, reconnect, disconnect and closed, which must never be what comes too soon. */
const reserve = 4;

/** A token bucket over what Timbre sends. */
export class AnswerBudget {
  private tokens = burst;
  private atMs: number;

  constructor(nowMs: number) {
    this.atMs = nowMs;
  }

  /** For an answer that the client can ask for again and again; false: it may not be sent now. */
  take(nowMs: number): boolean {
    const passedMs = Math.max(0, nowMs - this.atMs);
    this.atMs = Math.max(this.atMs, nowMs);
    this.tokens = Math.min(burst, this.tokens + (passedMs * perSecond) / 1000);
    if (this.tokens < reserve + 1) return false;
    this.tokens -= 1;
    return true;
  }

  spend(): void {
    this.tokens -= 1;
  }
}
