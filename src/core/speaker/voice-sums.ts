/** Sums that a network gave of some speech: sums of any stretches add up to those of all of them. */
export interface SummedSpeech {
  readonly sums: Float32Array;
  /** Stream time of the first and last speech in it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly netSpeechMs: number;
  /** Net speech of the stream where it begins. */
  readonly fromNetSpeechMs: number;
}

interface Block extends SummedSpeech {
  pieces: number;
}

/** Newest pieces that are kept one by one: a caller change is told of this long after it at most, and what came before it must go. */
const singlePieces = 10;
/** The window forgets in steps of a sixth of itself, so that what lies further back takes little room. */
const blocksInWindow = 6;

/** One voice's sums within a window of net speech that forgets. */
export class VoiceSums {
  /** Oldest first: blocks of several pieces, then single ones. */
  private kept: Block[] = [];

  /** `windowMs`: undefined where nothing but the newest speech will be asked for. */
  constructor(
    private readonly windowMs: number | undefined,
    /** Of a whole piece. */
    private readonly pieceMs: number,
    /** What `newest` will be asked for. */
    private readonly newestMs: number,
  ) {}

  add(piece: SummedSpeech): void {
    this.kept.push({ ...piece, pieces: 1 });
    const totalMs = piece.fromNetSpeechMs + piece.netSpeechMs;
    if (this.windowMs === undefined) {
      while (this.heldMs - (this.kept[0]?.netSpeechMs ?? 0) >= this.newestMs) this.kept.shift();
      return;
    }
    const oldestMs = totalMs - Math.max(this.windowMs, this.newestMs);
    this.kept = this.kept.filter(({ fromNetSpeechMs }) => fromNetSpeechMs >= oldestMs);
    this.gatherOld(this.windowMs);
  }

  get heldMs(): number {
    return this.kept.reduce((sum, { netSpeechMs }) => sum + netSpeechMs, 0);
  }

  /** As many of the newest pieces as hold so much speech, or all there are. */
  newest(netSpeechMs: number): SummedSpeech | undefined {
    let from = this.kept.length;
    for (let heldMs = 0; from > 0 && heldMs < netSpeechMs; from--) {
      heldMs += this.kept[from - 1]?.netSpeechMs ?? 0;
    }
    return sumOf(this.kept.slice(from));
  }

  /** All of the window; undefined where none is kept, or nothing was heard. */
  all(): SummedSpeech | undefined {
    return this.windowMs === undefined ? undefined : sumOf(this.kept);
  }

  /** What reaches before this moment is another's, or is not to be used any more. */
  forgetBefore(positionMs: number): void {
    const isAfter = ({ startMs }: Block): boolean => startMs >= positionMs;
    for (const block of this.kept) if (!isAfter(block)) block.sums.fill(0);
    this.kept = this.kept.filter(isAfter);
  }

  private gatherOld(windowMs: number): void {
    const most = Math.max(1, Math.floor(windowMs / blocksInWindow / this.pieceMs));
    const firstSingle = this.kept.findLastIndex(({ pieces }) => pieces > 1) + 1;
    if (this.kept.length - firstSingle <= singlePieces || most === 1) return;
    const block = this.kept[firstSingle - 1];
    const oldest = this.kept[firstSingle];
    const next = this.kept[firstSingle + 1];
    if (!oldest || !next) return;
    if (block && block.pieces < most) this.kept.splice(firstSingle - 1, 2, joined(block, oldest));
    else this.kept.splice(firstSingle, 2, joined(oldest, next));
  }
}

function joined(a: Block, b: Block): Block {
  const both = sumOf([a, b]);
  return { ...(both ?? a), pieces: a.pieces + b.pieces };
}

function sumOf(stretches: readonly SummedSpeech[]): SummedSpeech | undefined {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (!first || !last) return undefined;
  const sums = first.sums.slice();
  for (const { sums: more } of stretches.slice(1)) {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (more[i] ?? 0);
  }
  return {
    sums,
    startMs: first.startMs,
    endMs: last.endMs,
    netSpeechMs: stretches.reduce((sum, { netSpeechMs }) => sum + netSpeechMs, 0),
    fromNetSpeechMs: first.fromNetSpeechMs,
  };
}
