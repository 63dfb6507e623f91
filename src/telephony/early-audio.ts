import { bytesPerFrame, type StreamFormat } from '../core/audio/stream-format.js';

/** A second of the largest format there is: 48 kHz, 16 bits, two channels. */
const mostBytes = 48_000 * 2 * 2;
export const earlyMs = 1000;

/**
 * Audio that came before the words that describe it, its last second: Asterisk under load sends 100 ms of it before MEDIA_START,
 * and FreeSWITCH's metadata may come after it.
 */
export class EarlyAudio {
  private frames: Uint8Array[] = [];
  private bytes = 0;
  private sinceMs: number | undefined;
  private overflowed = false;

  keep(frame: Uint8Array, nowMs: number): void {
    if (frame.length === 0) return;
    this.sinceMs ??= nowMs;
    // The socket's read buffer is used again once its handler has returned.
    this.frames.push(Uint8Array.from(frame));
    this.bytes += frame.length;
    this.trimTo(mostBytes);
  }

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  /** Whether what describes it has been waited for long enough. */
  isOld(nowMs: number): boolean {
    return this.sinceMs !== undefined && nowMs - this.sinceMs >= earlyMs;
  }

  /** The frames of its last second, now that the format is known; `overflowed`: what came before that is gone. */
  take(format: StreamFormat): { readonly frames: readonly Uint8Array[]; readonly overflowed: boolean } {
    this.trimTo((format.sampleRateHz * bytesPerFrame(format) * earlyMs) / 1000);
    const taken = { frames: this.frames, overflowed: this.overflowed };
    this.frames = [];
    this.bytes = 0;
    return taken;
  }

  private trimTo(most: number): void {
    while (this.bytes > most) {
      this.bytes -= this.frames.shift()?.length ?? this.bytes;
      this.overflowed = true;
    }
  }
}
