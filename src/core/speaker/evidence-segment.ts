export interface EvidenceSegment {
  readonly embedding: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
  /** Net speech of the stream when the segment was taken. */
  readonly totalNetSpeechMs: number;
  /** Net speech since the segment before: neighbours overlap, so this is what the segment adds. */
  readonly newNetSpeechMs: number;
}
