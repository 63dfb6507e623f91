/** A beat that has not come back after this long: nothing else that was sent would have come either. */
export const heartbeatLimitMs = 2000;

/**
 * Whether a bus hears, by beats that are sent on one connection and must come back on another. A connection that looks open
 * proves nothing: it may have stalled, and behind a pooler in transaction mode it hears only what it sends itself.
 */
export class Heartbeat {
  private unanswered: { readonly beat: number; readonly sentAtMs: number }[] = [];
  private sent = 0;
  private state: 'never-heard' | 'heard' | 'lost' = 'never-heard';

  /** The number of the next beat, sent now. */
  send(nowMs: number): number {
    this.sent += 1;
    this.unanswered.push({ beat: this.sent, sentAtMs: nowMs });
    return this.sent;
  }

  /** A beat came back: those sent before it are not waited for. True when the bus did not hear until now. */
  receive(beat: number): boolean {
    this.unanswered = this.unanswered.filter((waiting) => waiting.beat > beat);
    const began = this.state !== 'heard';
    this.state = 'heard';
    return began;
  }

  /** The connection is gone, or given up: what is out is not waited for. */
  lose(): void {
    this.unanswered = [];
    if (this.state === 'heard') this.state = 'lost';
  }

  /** A beat is out for longer than the limit. */
  isLate(nowMs: number): boolean {
    const [oldest] = this.unanswered;
    return oldest !== undefined && nowMs - oldest.sentAtMs > heartbeatLimitMs;
  }

  get hears(): boolean {
    return this.state === 'heard';
  }

  get hasEverHeard(): boolean {
    return this.state !== 'never-heard';
  }
}
