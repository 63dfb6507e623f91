import { durationMs, type StreamFormat } from '../../../core/audio/stream-format.js';
import { ArrivalRate, type ArrivalState } from '../../../core/calls/arrival-rate.js';
import type { AudioTally } from '../../../core/calls/audio-tally.js';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { PlacedAudio } from '../../../core/calls/waiting-audio.js';
import type { Clock } from '../../../core/clock.js';

export interface TimelinePorts {
  readonly clock: Clock;
  readonly tally: AudioTally;
  placed(chunk: PlacedAudio): void;
  /** Audio is missing; the engine learns of it by the place of what comes next. */
  lost(): void;
  /** How the audio so far came to be here: told with each that comes. */
  arrived(state: ArrivalState): void;
}

/** Puts the audio of a call's streams, one after the other, in its place in the call, and counts what is missing. */
export class CallTimeline {
  private readonly beganAtMs: number;
  private heardAtMs: number;
  private readonly arrivals = new ArrivalRate();
  /** Time in the call at which the stream that is heard now began: its positions count from there. */
  private streamStartMs = 0;

  constructor(
    private streamFormat: StreamFormat,
    private readonly ports: TimelinePorts,
  ) {
    this.beganAtMs = ports.clock.nowMs();
    this.heardAtMs = this.beganAtMs;
  }

  get format(): StreamFormat {
    return this.streamFormat;
  }

  /** When audio was last heard, or missed. */
  get lastHeardAtMs(): number {
    return this.heardAtMs;
  }

  audio(bytes: Uint8Array, positionMs: number): void {
    const { ports, format } = this;
    const { tally } = ports;
    const missingMs = this.streamStartMs + positionMs - tally.positionMs;
    // Less than a millisecond is rounding of the platform's own clock.
    if (missingMs >= 1) this.lost(missingMs);
    this.heardAtMs = ports.clock.nowMs();
    const ms = durationMs(bytes.length, format);
    const chunk = { bytes, ms, positionMs: tally.positionMs, format };
    tally.count({ receivedMs: ms });
    ports.arrived(this.arrivals.audio(this.heardAtMs, ms));
    ports.placed(chunk);
  }

  lost(ms: number): void {
    this.ports.tally.count({ lostMs: ms });
    this.heardAtMs = this.ports.clock.nowMs();
    this.ports.lost();
  }

  /** Another stream goes on: what went by since the last was heard is lost, up to `maxGapMs`. Returns how much that was. */
  resume(format: StreamFormat, maxGapMs: number): number {
    const gapMs = gapBetween(this.heardAtMs, this.ports.clock.nowMs(), maxGapMs);
    if (gapMs > 0) this.lost(gapMs);
    this.streamStartMs = this.ports.tally.positionMs;
    this.streamFormat = format;
    this.arrivals.reset();
    return gapMs;
  }

  /** The same with what another process had of the call. */
  goOnFrom({ audio, heardAtMs }: CarriedCall, maxGapMs: number): number {
    const gapMs = gapBetween(heardAtMs, this.beganAtMs, maxGapMs);
    this.ports.tally.goOnFrom({ ...audio, lostMs: audio.lostMs + gapMs });
    if (gapMs > 0) this.ports.lost();
    return gapMs;
  }
}

function gapBetween(fromMs: number, toMs: number, maxGapMs: number): number {
  return Math.min(Math.max(0, toMs - fromMs), maxGapMs);
}
