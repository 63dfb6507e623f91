import { DualMonoDetector } from '../audio/dual-mono.js';
import { ConcealmentDetector } from './concealment.js';
import { EchoDetector } from './echo-detector.js';
import { qualityWindows, SignalQualityMeter } from './signal-quality.js';
import type { SignalQuality } from './signal-quality.types.js';
import { SpeechDecider, type SpeechDecision } from './speech-decider.js';
import { measureWindow, type WindowLevel } from './window-level.js';

/** One window of the call as the VAD took it. */
export interface HeardWindow {
  readonly own: Float32Array;
  /** The other channel at the same time, when there is one. */
  readonly agent?: Float32Array | undefined;
}

interface Unsettled {
  readonly level: WindowLevel;
  readonly concealedShare: number;
  readonly isEcho: boolean;
}

/** Decides window by window what is the caller's speech, and keeps account of how well it was heard. */
export class SpeechJudge {
  private decider: SpeechDecider;
  private readonly meter = new SignalQualityMeter(qualityWindows);
  private readonly concealment = new ConcealmentDetector();
  private readonly echo = new EchoDetector();
  private readonly dualMono = new DualMonoDetector();
  private unsettled: Unsettled[] = [];

  constructor(private readonly decision: SpeechDecision) {
    this.decider = new SpeechDecider(decision);
  }

  /** The windows that this one settles, oldest first: true is the caller's speech. */
  push(window: HeardWindow, probability: number): boolean[] {
    const { own, agent } = window;
    const heard = probability > this.decision.leaveProbability;
    const isEcho = agent !== undefined && this.isEcho(own, agent, heard);
    this.unsettled.push({
      level: measureWindow(own),
      concealedShare: this.concealment.push(own),
      isEcho,
    });
    return this.settle(this.decider.push(isEcho ? 0 : probability));
  }

  /** Settles what is left as if nothing but silence came after. */
  drain(): boolean[] {
    return this.settle(this.decider.drain());
  }

  /** After a gap nothing reaches over it. */
  startSection(): void {
    this.decider = new SpeechDecider(this.decision);
    this.unsettled = [];
    this.concealment.reset();
    this.echo.reset();
    this.dualMono.reset();
  }

  quality(): SignalQuality {
    return this.meter.read();
  }

  /** One sound on both channels is one channel, and no channel is its own echo. */
  private isEcho(own: Float32Array, agent: Float32Array, heard: boolean): boolean {
    return !this.dualMono.isOneSound(own, agent) && this.echo.isEcho(own, agent, heard);
  }

  private settle(decided: readonly boolean[]): boolean[] {
    return decided.map((decision) => {
      const window = this.unsettled.shift();
      if (window === undefined || window.isEcho) return false;
      this.meter.add(window.level, decision, window.concealedShare);
      return decision;
    });
  }
}
