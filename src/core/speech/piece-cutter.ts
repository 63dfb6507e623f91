/** How net speech is cut into pieces for a network that hears each frame once, counted in frames of its front end. */
export interface PiecePlan {
  /** New frames of a whole piece. */
  readonly newFrames: number;
  /** Frames of a whole first piece: what the network takes from all it has heard, it takes from these at first. */
  readonly firstFrames: number;
  /** Frames of the piece before that each piece but the first begins with. */
  readonly seenBefore: number;
  /** Least frames of a piece, those seen before among them. */
  readonly shortestPiece: number;
  readonly shortestFirst: number;
  readonly bands: number;
}

export interface Piece {
  /** frames × bands, oldest first; those seen before are the oldest. */
  readonly mel: Float32Array;
  readonly frames: number;
  readonly newFrames: number;
  /** Nothing was heard before it: the network begins with an empty state. */
  readonly isFirst: boolean;
  /** When the first new frame begins and the last one begins. */
  readonly firstFrameMs: number;
  readonly lastFrameMs: number;
}

/**
 * Gathers speech frames into pieces.
 */
export class PieceCutter {
  private readonly mel: Float32Array;
  private readonly startsMs: Float64Array;
  private held = 0;
  private seen = 0;
  private isFirst = true;

  constructor(private readonly plan: PiecePlan) {
    const { newFrames, firstFrames, seenBefore, bands } = plan;
    const most = Math.max(firstFrames, seenBefore + newFrames);
    this.mel = new Float32Array(most * bands);
    this.startsMs = new Float64Array(most);
  }

  /** Keeps one frame; gives a piece when this frame filled it. */
  keep(energies: Float32Array, startMs: number): Piece | undefined {
    const { newFrames, firstFrames, seenBefore, bands } = this.plan;
    this.mel.set(energies, this.held * bands);
    this.startsMs[this.held] = startMs;
    this.held += 1;
    const due = this.isFirst ? firstFrames : seenBefore + newFrames;
    return this.held === due ? this.cut() : undefined;
  }

  /** A shorter piece of what is left, if the network takes so little; the next one begins behind it. */
  cutRest(): Piece | undefined {
    const { shortestPiece, shortestFirst } = this.plan;
    return this.held >= (this.isFirst ? shortestFirst : shortestPiece) ? this.cut() : undefined;
  }

  /** What comes next does not belong to what was heard; too little for a first piece goes on waiting for more. */
  startAnew(): Piece | undefined {
    const rest = this.cutRest();
    if (this.isFirst) return undefined;
    this.held = 0;
    this.seen = 0;
    this.isFirst = true;
    return rest;
  }

  private cut(): Piece {
    const { seenBefore, bands } = this.plan;
    const { held, seen, isFirst } = this;
    const piece = {
      mel: this.mel.slice(0, held * bands),
      frames: held,
      newFrames: held - seen,
      isFirst,
      firstFrameMs: this.startsMs[seen] ?? 0,
      lastFrameMs: this.startsMs[held - 1] ?? 0,
    };
    this.mel.copyWithin(0, (held - seenBefore) * bands, held * bands);
    this.held = seenBefore;
    this.seen = seenBefore;
    this.isFirst = false;
    return piece;
  }
}
