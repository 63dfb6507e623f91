import type { AudioTally } from './audio-tally.js';
import { type PlacedAudio, WaitingAudio } from './waiting-audio.js';

/**
 * Stands at the door of the engine: undecided, it holds audio for a while unheard; open, it hands it on; closed, it lets it go.
 * Whoever opens it has asked for consent.
 */
export class AudioGate {
  private state: 'undecided' | 'open' | 'closed' = 'undecided';
  private readonly waiting: WaitingAudio;

  constructor(
    maxHeldMs: number,
    private readonly tally: AudioTally,
    private readonly handOn: (chunk: PlacedAudio) => void,
  ) {
    this.waiting = new WaitingAudio(maxHeldMs);
  }

  audio(chunk: PlacedAudio): void {
    if (this.state === 'open') this.handOn(chunk);
    else this.tally.count({ withheldMs: this.state === 'closed' ? chunk.ms : this.waiting.add(chunk) });
  }

  /** What waited is handed on first. */
  open(): void {
    this.state = 'open';
    for (const chunk of this.waiting.take()) this.handOn(chunk);
  }

  /** What was allowed may be so no more: audio waits until it is known. */
  doubt(): void {
    if (this.state === 'open') this.state = 'undecided';
  }

  /** Another question is asked, so audio waits for its answer. */
  restart(): void {
    this.state = 'undecided';
  }

  close(): void {
    this.state = 'closed';
    this.tally.count({ withheldMs: this.waiting.clear() });
  }

  /** The call is over. */
  forget(): void {
    this.waiting.clear();
  }
}
