import type { Policy } from '../policy/policy.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { isSeveralVoices, type Steadiness } from './steadiness.js';
import type { QualityNote } from './verification.js';

export interface HeardSound {
  readonly quality: SignalQuality | null;
  readonly netSpeechMs: number;
  readonly steadiness: Steadiness | null;
  readonly isMixed: boolean;
}

/** What in the sound itself stands in the way of a decision, by the policy's limits. */
export function poorQualityOf(sound: HeardSound, limits: Policy['quality']): QualityNote[] {
  const { quality, netSpeechMs, steadiness, isMixed } = sound;
  if (!quality || netSpeechMs === 0) return [];
  const notes: QualityNote[] = [];
  if (quality.speechLevelDbfs < limits.minSpeechLevelDbfs) notes.push('too-quiet');
  if (quality.clippedShare > limits.maxClippedShare) notes.push('clipped');
  if (quality.snrDb !== null && quality.snrDb < limits.minSnrDb) notes.push('noisy');
  if (quality.concealedShare > limits.maxConcealedShare) notes.push('packet-loss');
  // Caller and agent in one channel are several voices by nature.
  if (!isMixed && isSeveralVoices(steadiness, limits.minSteadiness)) notes.push('several-voices');
  return notes;
}
