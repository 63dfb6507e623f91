import type { VoiceprintId } from '../ids.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import type { EvidenceSegment } from './evidence-segment.js';
import type { CallerChange } from './verification.js';

/** Evidence of a voice on its way to another process that resumes the call: worth something against this voiceprint only. */
export interface CarriedEvidence {
  readonly voiceprintId: VoiceprintId;
  readonly segments: readonly EvidenceSegment[];
  /** Of the call, up to the last segment. */
  readonly totalNetSpeechMs: number;
  readonly netSpeechBeforeMs: number;
  readonly callerChange: CallerChange | null;
  readonly quality: SignalQuality | null;
  readonly oneVoice: boolean;
  readonly llr: number | null;
  readonly decision: 'accepted' | 'rejected' | 'inconclusive' | null;
}
