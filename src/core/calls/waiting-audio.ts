import type { StreamFormat } from '../audio/stream-format.js';

/** A chunk of a call's audio and where it lies in the call. */
export interface PlacedAudio {
  readonly bytes: Uint8Array;
  readonly ms: number;
  /** Time since the call's first sample. */
  readonly positionMs: number;
  readonly format: StreamFormat;
}

/** Audio that came before it is known whether it may be processed: held in memory, unheard, oldest let go first. */
export class WaitingAudio {
  private readonly chunks: PlacedAudio[] = [];
  private heldMs = 0;

  constructor(private readonly maxMs: number) {}

  /** Keeps the chunk; returns how many milliseconds had to be let go for it. */
  add(chunk: PlacedAudio): number {
    // A copy: what the socket gives is a view of a buffer that it reads into again.
    this.chunks.push({ ...chunk, bytes: chunk.bytes.slice() });
    this.heldMs += chunk.ms;
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
  take(): PlacedAudio[] {
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
