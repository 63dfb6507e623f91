import { vadContextSamples, vadInputSamples, vadWindowSamples } from './silero-detector.js';

export interface VadWindow {
  /** The context and the window, as the network takes them. */
  readonly input: Float32Array;
  /** The window alone. */
  readonly own: Float32Array;
  /** The other channel beside the window, when there is one. */
  readonly agent: Float32Array | undefined;
  /** When the audio that completed it arrived. */
  readonly arrivedAtMs: number;
  /** Zeros, and so were the windows before it for a while: the network need not be asked. */
  readonly isSilent: boolean;
}

/**
 * Windows of zeros that the network still hears before it is spared them. Its memory stays as it is from there on, which is
 * also better for what comes after: seconds of zeros dull it (docs/quality.md has the figures).
 */
const zerosHeard = 4;

/** Cuts 8 kHz samples into the VAD's windows and holds them until it has run. */
export class VadWindows {
  private waiting: VadWindow[] = [];
  private current = new Float32Array(vadInputSamples);
  private currentAgent: Float32Array | undefined;
  private filled = vadContextSamples;
  private zeroWindows = 0;

  add(samples: Float32Array, arrivedAtMs: number, agent?: Float32Array): void {
    let at = 0;
    while (at < samples.length) {
      const part = samples.subarray(at, at + vadInputSamples - this.filled);
      this.current.set(part, this.filled);
      if (agent) {
        this.currentAgent ??= new Float32Array(vadWindowSamples);
        this.currentAgent.set(agent.subarray(at, at + part.length), this.filled - vadContextSamples);
      }
      this.filled += part.length;
      at += part.length;
      if (this.filled === vadInputSamples) this.complete(arrivedAtMs);
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
    this.current = new Float32Array(vadInputSamples);
    this.currentAgent = undefined;
    this.filled = vadContextSamples;
    this.zeroWindows = 0;
  }

  private complete(arrivedAtMs: number): void {
    const input = this.current;
    const own = input.subarray(vadContextSamples);
    this.zeroWindows = own.every((sample) => sample === 0) ? this.zeroWindows + 1 : 0;
    const isSilent = this.zeroWindows > zerosHeard;
    this.waiting.push({ input, own, agent: this.currentAgent, arrivedAtMs, isSilent });
    this.current = new Float32Array(vadInputSamples);
    this.current.set(input.subarray(vadWindowSamples));
    this.currentAgent = undefined;
    this.filled = vadContextSamples;
  }
}
