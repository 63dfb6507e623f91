import type { FrontEndPlan } from '../../core/features/front-end-plan.js';
import { VoiceSums } from '../../core/speaker/voice-sums.js';
import { PieceCutter, type Piece, type PiecePlan } from '../../core/speech/piece-cutter.js';
import { SegmentCutter, type Segment, type SegmentPlan } from '../../core/speech/segment-cutter.js';

/** How a model takes the speech of a stream. */
export type ListeningPlan =
  | { readonly form: 'whole segments'; readonly segment: SegmentPlan }
  | {
      readonly form: 'each frame once';
      readonly piece: PiecePlan;
      /** Net speech that each embedding of the newest speech is of. */
      readonly segmentMs: number;
      readonly pieceMs: number;
    };

/** A stream's voice as one model knows it. */
export interface HeardVoice {
  /** What the network gave with the piece before; undefined before the first. */
  state: Float32Array | undefined;
  readonly sums: VoiceSums;
}

export interface TimedSpeech {
  readonly startMs: number;
  readonly endMs: number;
  readonly netSpeechMs: number;
}

export type SegmentWork = { readonly form: 'whole segments'; readonly segment: Segment } & TimedSpeech;

export type PieceWork = {
  readonly form: 'each frame once';
  readonly piece: Piece;
  readonly voice: HeardVoice;
  readonly fromNetSpeechMs: number;
  /** Speech of a voice that an embedding is made from. */
  readonly segmentMs: number;
  /** Nothing more may come: an embedding is made of less, too. */
  readonly isRest: boolean;
} & TimedSpeech;

/** What is asked of a model's networks. */
export type Work = SegmentWork | PieceWork;

/** One model's way from the frames of a stream to what its networks are asked. */
export interface ModelListener {
  /** One more frame of speech, after so much net speech of the stream. */
  keep(energies: Float32Array, startMs: number, netSpeechMs: number): Work | undefined;
  /** At the end of a stream: what is left, if it is enough for the model. */
  rest(netSpeechMs: number): Work | undefined;
  /** So much audio is missing that what comes next is heard for itself. */
  startAnew(netSpeechMs: number): Work | undefined;
  forgetBefore(positionMs: number): void;
}

export function listenerFor(
  plan: ListeningPlan,
  frontEnd: FrontEndPlan,
  evidenceWindowMs: number | undefined,
): ModelListener {
  const { hopSamples, frameSamples, sampleRateHz } = frontEnd;
  const timing = { hopMs: (hopSamples * 1000) / sampleRateHz, frameMs: (frameSamples * 1000) / sampleRateHz };
  return plan.form === 'whole segments'
    ? new SegmentListener(plan.segment, timing)
    : new PieceListener(plan, timing, evidenceWindowMs);
}

interface FrameTiming {
  readonly hopMs: number;
  readonly frameMs: number;
}

class SegmentListener implements ModelListener {
  private readonly cutter: SegmentCutter;

  constructor(
    plan: SegmentPlan,
    private readonly timing: FrameTiming,
  ) {
    this.cutter = new SegmentCutter(plan);
  }

  keep(energies: Float32Array, startMs: number): Work | undefined {
    return this.work(this.cutter.keep(energies, startMs));
  }

  rest(): Work | undefined {
    return this.work(this.cutter.cutRest());
  }

  /** Segments reach over gaps as they do over pauses. */
  startAnew(): undefined {
    return undefined;
  }

  forgetBefore(): void {
    // Nothing of a segment is kept once it is cut.
  }

  private work(segment: Segment | undefined): Work | undefined {
    const { hopMs, frameMs } = this.timing;
    return (
      segment && {
        form: 'whole segments',
        segment,
        startMs: segment.firstFrameMs,
        endMs: segment.lastFrameMs + frameMs,
        netSpeechMs: segment.frames * hopMs,
      }
    );
  }
}

class PieceListener implements ModelListener {
  private readonly cutter: PieceCutter;
  private readonly voice: HeardVoice;

  constructor(
    private readonly plan: Extract<ListeningPlan, { form: 'each frame once' }>,
    private readonly timing: FrameTiming,
    evidenceWindowMs: number | undefined,
  ) {
    this.cutter = new PieceCutter(plan.piece);
    const sums = new VoiceSums(evidenceWindowMs, plan.pieceMs, plan.segmentMs);
    this.voice = { state: undefined, sums };
  }

  keep(energies: Float32Array, startMs: number, netSpeechMs: number): Work | undefined {
    return this.work(this.cutter.keep(energies, startMs), netSpeechMs, false);
  }

  rest(netSpeechMs: number): Work | undefined {
    return this.work(this.cutter.cutRest(), netSpeechMs, true);
  }

  startAnew(netSpeechMs: number): Work | undefined {
    return this.work(this.cutter.startAnew(), netSpeechMs, false);
  }

  forgetBefore(positionMs: number): void {
    // A piece's first frame begins before the last one of the piece before has ended.
    this.voice.sums.forgetBefore(positionMs - this.timing.frameMs);
  }

  private work(piece: Piece | undefined, totalNetSpeechMs: number, isRest: boolean): Work | undefined {
    if (!piece) return undefined;
    const { voice, plan, timing } = this;
    const netSpeechMs = piece.newFrames * timing.hopMs;
    return {
      form: 'each frame once',
      piece,
      voice,
      fromNetSpeechMs: totalNetSpeechMs - netSpeechMs,
      netSpeechMs,
      segmentMs: plan.segmentMs,
      isRest,
      startMs: piece.firstFrameMs,
      endMs: piece.lastFrameMs + timing.frameMs,
    };
  }
}
