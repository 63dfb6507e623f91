/** One embedding of all the speech of a window; of less where the voice began later. */
export interface WindowEvidence {
  /** L2-normalised. */
  readonly embedding: Float32Array;
  /** Stream time of the first speech in it. */
  readonly startMs: number;
  readonly netSpeechMs: number;
}

export interface EvidenceSegment {
  readonly embedding: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
  /** Net speech that it is of. */
  readonly netSpeechMs: number;
  /** Net speech of the stream when the segment was taken. */
  readonly totalNetSpeechMs: number;
  /** Net speech since the segment before: neighbours overlap, so this is what the segment adds. */
  readonly newNetSpeechMs: number;
  /** Up to the segment's end, of models that make one. */
  readonly evidence?: WindowEvidence;
}
