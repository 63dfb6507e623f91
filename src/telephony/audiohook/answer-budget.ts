/** What Genesys takes of a server's messages: https://developer.genesys.cloud/devapps/audiohook/ */
const PER_SECOND = 5;
const BURST = 25;
/** Kept for opened, reconnect, disconnect and closed, which must never be what comes too soon. */
const RESERVE = 4;

/** A token bucket over what Timbre sends. */
export class AnswerBudget {
  #tokens = BURST;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** For an answer that the client can ask for again and again; false: it may not be sent now. */
  take(nowMs: number): boolean {
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = Math.max(this.#atMs, nowMs);
    this.#tokens = Math.min(BURST, this.#tokens + (passedMs * PER_SECOND) / 1000);
    if (this.#tokens < RESERVE + 1) return false;
    this.#tokens -= 1;
    return true;
  }

  spend(): void {
    this.#tokens -= 1;
  }
}
