import { defaultPolicy } from '../../src/core/policy/policy.js';
import { assessEnrolment, type EnrolmentAssessment } from '../../src/core/speaker/enrolment.js';
import { EvidenceWindow } from '../../src/core/speaker/evidence.js';
import type { ScoringModel } from '../../src/core/speaker/scoring.js';
import { countedSpeechMs, type CountedBy } from '../../src/core/speaker/calibration.js';
import { meanDirection } from '../../src/core/speaker/vectors.js';
import type { Heard } from './heard.js';

/** One side of a comparison, before the scorer. */
export interface Voice {
  readonly direction: Float32Array;
  readonly netSpeechMs: number;
  readonly snrDb: number | null;
  /** Mean cosine of its successive stretches, of a probe; null where there are none to compare. */
  readonly likeness: number | null;
}

/** Net speech that a segment adds to the one before it. */
export function withNew<Segment extends { readonly totalNetSpeechMs: number }>(segments: readonly Segment[]) {
  return segments.map((segment, i) => ({
    ...segment,
    newNetSpeechMs: segment.totalNetSpeechMs - (segments[i - 1]?.totalNetSpeechMs ?? 0),
  }));
}

/** Null when nothing was heard. Made from any length of speech, so that no trial of the list falls out. */
export function voiceprintOf({ segments, netSpeechMs }: Heard): Voice | null {
  const direction = meanDirection(
    withNew(segments).map(({ embedding, newNetSpeechMs }) => ({ embedding, weight: newNetSpeechMs })),
  );
  const snrDb = segments.at(-1)?.quality.snrDb ?? null;
  return direction && { direction, netSpeechMs, snrDb, likeness: null };
}

/** What the product itself would have said to this enrolment, under the default policy. */
export function productEnrolment(heard: Heard, model: ScoringModel): EnrolmentAssessment['kind'] {
  const quality = heard.segments.at(-1)?.quality;
  if (!quality) return 'refused';
  const embeddings = withNew(heard.segments).map(({ embedding, newNetSpeechMs }) => ({
    embedding,
    netSpeechMs: newNetSpeechMs,
  }));
  const stretch = { embeddings, netSpeechMs: heard.netSpeechMs, quality };
  return assessEnrolment([stretch], defaultPolicy, model).kind;
}

/** The caller's voice at the first segment with so much net speech; null when the probe has less. */
export function evidenceAfter({ segments }: Heard, netSpeechMs: number): Voice | null {
  const window = new EvidenceWindow(defaultPolicy.verification.windowNetSpeechMs);
  for (const segment of withNew(segments)) {
    window.add(segment);
    if (segment.totalNetSpeechMs >= netSpeechMs) return voiceOf(window, segment.quality.snrDb);
  }
  return null;
}

export function evidenceOfAll(heard: Heard): Voice | null {
  return evidenceAfter(heard, heard.segments.at(-1)?.totalNetSpeechMs ?? Infinity);
}

/** With its net speech as the scorer counts it. */
export function counted(voice: Voice, by: CountedBy): Voice {
  return { ...voice, netSpeechMs: countedSpeechMs(voice.netSpeechMs, voice.likeness, by) };
}

function voiceOf(window: EvidenceWindow, snrDb: number | null): Voice | null {
  const direction = window.direction();
  const likeness = window.steadiness()?.likeness ?? null;
  return direction && { direction, netSpeechMs: window.netSpeechMs(), snrDb, likeness };
}
