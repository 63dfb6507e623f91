/** How net speech is cut into segments, counted in frames of the model's front end. */
export interface SegmentPlan {
  readonly lengthFrames: number;
  readonly hopFrames: number;
  /** The model's least input. */
  readonly minFrames: number;
  /** New speech that makes a last, shorter hop worth an embedding when the stream ends. */
  readonly minNewFramesAtEnd: number;
  readonly bands: number;
}

export interface Segment {
  /** frames × bands, oldest first. */
  readonly mel: Float32Array;
  readonly frames: number;
  /** When the first frame begins and the last one begins. */
  readonly firstFrameMs: number;
  readonly lastFrameMs: number;
}

/** Keeps the newest speech frames, one segment long, and says when the next segment is full. */
export class SegmentCutter {
  private readonly mel: Float32Array;
  private readonly startsMs: Float64Array;
  private kept = 0;
  private keptAtLastCut: number | undefined;

  constructor(private readonly plan: SegmentPlan) {
    this.mel = new Float32Array(plan.lengthFrames * plan.bands);
    this.startsMs = new Float64Array(plan.lengthFrames);
  }

  /** Speech frames kept so far in the whole stream. */
  get keptFrames(): number {
    return this.kept;
  }

  /** Keeps one frame; gives a segment when this frame filled it. */
  keep(energies: Float32Array, startMs: number): Segment | undefined {
    const { lengthFrames, hopFrames, bands } = this.plan;
    const slot = this.kept % lengthFrames;
    this.mel.set(energies, slot * bands);
    this.startsMs[slot] = startMs;
    this.kept += 1;
    const dueAt = this.keptAtLastCut === undefined ? lengthFrames : this.keptAtLastCut + hopFrames;
    return this.kept >= dueAt ? this.cut() : undefined;
  }

  /** At the end of a stream: what is left, if it is enough for the model and enough of it is new. */
  cutRest(): Segment | undefined {
    const fresh = this.kept - (this.keptAtLastCut ?? 0);
    const available = Math.min(this.kept, this.plan.lengthFrames);
    return available >= this.plan.minFrames && fresh >= this.plan.minNewFramesAtEnd ? this.cut() : undefined;
  }

  private cut(): Segment {
    const { lengthFrames, bands } = this.plan;
    const frames = Math.min(this.kept, lengthFrames);
    const oldest = this.kept > lengthFrames ? this.kept % lengthFrames : 0;
    const mel = new Float32Array(frames * bands);
    mel.set(this.mel.subarray(oldest * bands, frames * bands));
    mel.set(this.mel.subarray(0, oldest * bands), (frames - oldest) * bands);
    this.keptAtLastCut = this.kept;
    const newest = (this.kept - 1) % lengthFrames;
    return { mel, frames, firstFrameMs: this.startsMs[oldest] ?? 0, lastFrameMs: this.startsMs[newest] ?? 0 };
  }
}
