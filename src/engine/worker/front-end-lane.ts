import type { FrontEndPlan } from '../../core/features/front-end-plan.js';
import { MelFrontEnd } from '../../core/features/mel-front-end.js';
import { SegmentCutter, type Segment, type SegmentPlan } from '../../core/speech/segment-cutter.js';

/** A front end and how its frames are cut: what models have in common when one pass over the audio serves them all. */
export interface LanePlan {
  readonly frontEnd: FrontEndPlan;
  readonly segment: SegmentPlan;
  /** Tells lanes apart. */
  readonly key: string;
}

export interface LaneSegment extends Segment {
  readonly startMs: number;
  readonly endMs: number;
  readonly netSpeechMs: number;
  /** Net speech of the stream up to here. */
  readonly totalNetSpeechMs: number;
}

/** One front end's way from samples to segments within a stream; which frames are speech it is told. */
export class FrontEndLane {
  private readonly frontEnd: MelFrontEnd;
  private readonly cutter: SegmentCutter;

  /** A lane may join a stream under way: at this sample of its section, after this much net speech. */
  constructor(
    readonly plan: LanePlan,
    private originSample: number,
    private readonly netSpeechBeforeMs: number,
  ) {
    this.frontEnd = new MelFrontEnd(plan.frontEnd);
    this.cutter = new SegmentCutter(plan.segment);
  }

  get netSpeechMs(): number {
    return this.netSpeechBeforeMs + this.toMs(this.cutter.keptFrames * this.plan.frontEnd.hopSamples);
  }

  get segmentSamples(): number {
    return this.plan.segment.lengthFrames * this.plan.frontEnd.hopSamples;
  }

  push(samples: Float32Array): void {
    this.frontEnd.push(samples);
  }

  /** A frame belongs to the window that holds its middle: all frames before this sample are speech, or none is. */
  settle(isSpeech: boolean, endSample: number, sectionStartMs: number): LaneSegment[] {
    const segments: LaneSegment[] = [];
    const { frontEnd } = this;
    const until = endSample - this.originSample - this.plan.frontEnd.frameSamples / 2;
    for (let at = frontEnd.nextFrame; at !== undefined && at < until; at = frontEnd.nextFrame) {
      if (!isSpeech) {
        frontEnd.skip();
        continue;
      }
      const { startSample, energies } = frontEnd.take();
      const startMs = sectionStartMs + this.toMs(this.originSample + startSample);
      const segment = this.cutter.keep(energies, startMs);
      if (segment) segments.push(this.timed(segment));
    }
    return segments;
  }

  /** At the end of a stream: what is left, if it is enough for the models. */
  rest(): LaneSegment[] {
    const segment = this.cutter.cutRest();
    return segment ? [this.timed(segment)] : [];
  }

  /** Behind a gap a new section begins: no frame may hold samples of both sides. */
  reset(): void {
    this.frontEnd.reset();
    this.originSample = 0;
  }

  private timed(segment: Segment): LaneSegment {
    const { frameSamples, hopSamples } = this.plan.frontEnd;
    return {
      ...segment,
      startMs: segment.firstFrameMs,
      endMs: segment.lastFrameMs + this.toMs(frameSamples),
      netSpeechMs: this.toMs(segment.frames * hopSamples),
      totalNetSpeechMs: this.netSpeechMs,
    };
  }

  private toMs(samples: number): number {
    return (samples * 1000) / this.plan.frontEnd.sampleRateHz;
  }
}
