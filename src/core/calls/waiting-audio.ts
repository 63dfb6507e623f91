/** Audio that came before it is known whether it may be processed: held in memory, unheard, oldest let go first. */
export class WaitingAudio {
  private readonly chunks: { bytes: Uint8Array; ms: number }[] = [];
  private heldMs = 0;

  constructor(private readonly maxMs: number) {}

  /** Keeps the chunk; returns how many milliseconds had to be let go for it. */
  add(bytes: Uint8Array, ms: number): number {
    // A copy: what the socket gives is a view of a buffer that it reads into again.
    this.chunks.push({ bytes: bytes.slice(), ms });
    this.heldMs += ms;
    let letGoMs = 0;
    while (this.heldMs > this.maxMs) {
      const oldest = this.chunks.shift();
      if (!oldest) break;
      this.heldMs -= oldest.ms;
      letGoMs += oldest.ms;
    }
    return letGoMs;
  }

  /** Hands everything over, oldest first. */
  take(): { bytes: Uint8Array; ms: number }[] {
    this.heldMs = 0;
    return this.chunks.splice(0);
  }

  /** Lets everything go; returns how much that was. */
  clear(): number {
    const ms = this.heldMs;
    this.take();
    return ms;
  }
}
