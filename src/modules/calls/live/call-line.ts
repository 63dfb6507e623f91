import type { CallCloseReason } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallStream } from './call-stream.js';

/** The streams that carry a call, one after the other. */
export class CallLine {
  /** Under which a later stream finds the call. */
  readonly keys = new Set<string>();
  /** The same as the platform knows them. */
  readonly streamKeys = new Set<string>();
  private current: CallStream | undefined;
  private holding: NodeJS.Timeout | undefined;

  /** `whileHeld`: the call is to end while it has no stream that could be told. */
  constructor(private readonly whileHeld: (reason: CallCloseReason) => void) {}

  /** Returns the stream that this one takes the place of. */
  carriedBy(stream: CallStream): CallStream | undefined {
    const replaced = this.current;
    this.current = stream;
    clearTimeout(this.holding);
    return replaced;
  }

  /** The stream broke off: the call waits for the next one, `ms` at most. */
  hold(ms: number, over: () => void): void {
    this.current = undefined;
    this.holding = setTimeout(over, ms);
  }

  /** The call is over, or goes on elsewhere: no other stream comes. */
  release(): void {
    clearTimeout(this.holding);
  }

  /** The stream that is heard now leaves the call, which goes on elsewhere. */
  replace(): void {
    this.current?.replace();
  }

  tell(result: CallResult): void {
    this.current?.tell(result);
  }

  /** Timbre ends the call's stream. */
  end(reason: CallCloseReason): void {
    if (this.current) this.current.end(reason);
    else this.whileHeld(reason);
  }
}
