import type { FrontEndPlan } from '../../core/features/front-end-plan.js';
import { MelFrontEnd } from '../../core/features/mel-front-end.js';
import { listenerFor, type ListeningPlan, type ModelListener, type Work } from './model-listener.js';

/** What a stream needs to know of a model. */
export interface ModelPlan {
  readonly frontEnd: FrontEndPlan;
  /** Models of one key have one front end: its frames are worked out once for all of them. */
  readonly frontEndKey: string;
  readonly listening: ListeningPlan;
}

export interface LaneWork {
  readonly modelId: string;
  readonly work: Work;
  /** Net speech of the stream up to here. */
  readonly totalNetSpeechMs: number;
}

/** One front end within a stream and the models that take its frames; which frames are speech it is told. */
export class FrontEndLane {
  private readonly frontEnd: MelFrontEnd;
  private listeners = new Map<string, ModelListener>();
  private keptFrames = 0;

  /** A lane may join a stream under way: at this sample of its section, after this much net speech. */
  constructor(
    private readonly plan: FrontEndPlan,
    private originSample: number,
    private readonly netSpeechBeforeMs: number,
    private readonly evidenceWindowMs: number | undefined,
  ) {
    this.frontEnd = new MelFrontEnd(plan);
  }

  get netSpeechMs(): number {
    return this.netSpeechBeforeMs + this.toMs(this.keptFrames * this.plan.hopSamples);
  }

  /** Models that listen already go on with what they have gathered. */
  useModels(plans: ReadonlyMap<string, ListeningPlan>): void {
    this.listeners = new Map(
      [...plans].map(([id, plan]) => [
        id,
        this.listeners.get(id) ?? listenerFor(plan, this.plan, this.evidenceWindowMs),
      ]),
    );
  }

  push(samples: Float32Array): void {
    this.frontEnd.push(samples);
  }

  /** A frame belongs to the window that holds its middle: all frames before this sample are speech, or none is. */
  settle(isSpeech: boolean, endSample: number, sectionStartMs: number): LaneWork[] {
    const due: LaneWork[] = [];
    const { frontEnd } = this;
    const until = endSample - this.originSample - this.plan.frameSamples / 2;
    for (let at = frontEnd.nextFrame; at !== undefined && at < until; at = frontEnd.nextFrame) {
      if (!isSpeech) {
        frontEnd.skip();
        continue;
      }
      const { startSample, energies } = frontEnd.take();
      const startMs = sectionStartMs + this.toMs(this.originSample + startSample);
      this.keptFrames += 1;
      const { netSpeechMs } = this;
      due.push(...this.ofAll((listener) => listener.keep(energies, startMs, netSpeechMs)));
    }
    return due;
  }

  rest(): LaneWork[] {
    return this.ofAll((listener) => listener.rest(this.netSpeechMs));
  }

  startAnew(): LaneWork[] {
    return this.ofAll((listener) => listener.startAnew(this.netSpeechMs));
  }

  forgetBefore(positionMs: number): void {
    for (const listener of this.listeners.values()) listener.forgetBefore(positionMs);
  }

  /** Behind a gap a new section begins: no frame may hold samples of both sides. */
  reset(): void {
    this.frontEnd.reset();
    this.originSample = 0;
  }

  private ofAll(asked: (listener: ModelListener) => Work | undefined): LaneWork[] {
    const due: LaneWork[] = [];
    for (const [modelId, listener] of this.listeners) {
      const work = asked(listener);
      if (work) due.push({ modelId, work, totalNetSpeechMs: this.netSpeechMs });
    }
    return due;
  }

  private toMs(samples: number): number {
    return (samples * 1000) / this.plan.sampleRateHz;
  }
}
