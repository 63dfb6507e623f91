import { VAD_CONTEXT_SAMPLES, VAD_INPUT_SAMPLES, VAD_WINDOW_SAMPLES } from './silero-detector.js';

export interface VadWindow {
  /** The context and the window, as the network takes them. */
  readonly input: Float32Array;
  /** The window alone. */
  readonly own: Float32Array;
  /** When the audio that completed it arrived. */
  readonly arrivedAtMs: number;
}

/** Cuts 8 kHz samples into the VAD's windows and holds them until it has run. */
export class VadWindows {
  private waiting: VadWindow[] = [];
  private current = new Float32Array(VAD_INPUT_SAMPLES);
  private filled = VAD_CONTEXT_SAMPLES;

  add(samples: Float32Array, arrivedAtMs: number): void {
    let at = 0;
    while (at < samples.length) {
      const part = samples.subarray(at, at + VAD_INPUT_SAMPLES - this.filled);
      this.current.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === VAD_INPUT_SAMPLES) this.complete(arrivedAtMs);
    }
  }

  peek(): VadWindow | undefined {
    return this.waiting[0];
  }

  shift(): VadWindow | undefined {
    return this.waiting.shift();
  }

  /** After a gap the next window begins anew, with silence before it. */
  reset(): void {
    this.current = new Float32Array(VAD_INPUT_SAMPLES);
    this.filled = VAD_CONTEXT_SAMPLES;
  }

  private complete(arrivedAtMs: number): void {
    const input = this.current;
    this.waiting.push({ input, own: input.subarray(VAD_CONTEXT_SAMPLES), arrivedAtMs });
    this.current = new Float32Array(VAD_INPUT_SAMPLES);
    this.current.set(input.subarray(VAD_WINDOW_SAMPLES));
    this.filled = VAD_CONTEXT_SAMPLES;
  }
}
