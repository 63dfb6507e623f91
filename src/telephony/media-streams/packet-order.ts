/** More than 400 ms of both tracks in 20 ms packets: past it a sender is not disordered but hostile. */
const mostWaiting = 100;

interface Waiting<Packet> {
  /** Absent for a message that is no audio but has a number. */
  readonly packet: Packet | undefined;
  readonly sinceMs: number;
}

/** Puts messages back into the order of their numbers: each waits for those before it, but not for ever. */
export class PacketOrder<Packet> {
  private readonly waitMs: number;
  private readonly waiting = new Map<number, Waiting<Packet>>();
  private next: number;

  constructor(first: number, waitMs: number) {
    this.next = first;
    this.waitMs = waitMs;
  }

  /** False for one that has come before, or after its turn. */
  add(sequence: number, packet: Packet | undefined, nowMs: number): boolean {
    if (sequence < this.next || this.waiting.has(sequence)) return false;
    this.waiting.set(sequence, { packet, sinceMs: nowMs });
    return true;
  }

  /** Those whose turn it is, in order; with `all`, also those that still waited. */
  take(nowMs: number, all = false): Packet[] {
    const taken: Packet[] = [];
    for (;;) {
      const waiting = this.waiting.get(this.next);
      if (waiting) {
        this.waiting.delete(this.next);
        this.next += 1;
        if (waiting.packet !== undefined) taken.push(waiting.packet);
      } else if (this.waiting.size > 0 && (all || this.givesUp(nowMs))) {
        this.next = Math.min(...this.waiting.keys());
      } else {
        return taken;
      }
    }
  }

  private givesUp(nowMs: number): boolean {
    if (this.waiting.size > mostWaiting) return true;
    // In order of arrival: the first one has waited longest.
    const oldest = this.waiting.values().next().value;
    return oldest !== undefined && nowMs - oldest.sinceMs >= this.waitMs;
  }
}
