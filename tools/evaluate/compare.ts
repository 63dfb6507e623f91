import { defaultPolicy } from '../../src/core/policy/policy.js';
import { toLlr } from '../../src/core/speaker/calibration.js';
import { assessEnrolment, type EnrolmentAssessment } from '../../src/core/speaker/enrolment.js';
import { EvidenceWindow } from '../../src/core/speaker/evidence.js';
import { dot, meanDirection } from '../../src/core/speaker/vectors.js';
import type { ModelDescription } from '../../src/engine/engine.port.js';
import type { Heard } from './heard.js';

type Calibration = ModelDescription['calibration'];

/** Net speech that a segment adds to the one before it. */
function withNew<Segment extends { readonly totalNetSpeechMs: number }>(segments: readonly Segment[]) {
  return segments.map((segment, i) => ({
    ...segment,
    newNetSpeechMs: segment.totalNetSpeechMs - (segments[i - 1]?.totalNetSpeechMs ?? 0),
  }));
}

/** Null when nothing was heard. Made from any length of speech, so that no trial of the list falls out. */
export function voiceprintOf({ segments }: Heard): Float32Array | null {
  return meanDirection(
    withNew(segments).map(({ embedding, newNetSpeechMs }) => ({ embedding, weight: newNetSpeechMs })),
  );
}

/** What the product itself would have said to this enrolment, under the default policy. */
export function productEnrolment(heard: Heard, calibration: Calibration): EnrolmentAssessment['kind'] {
  const quality = heard.segments.at(-1)?.quality;
  if (!quality) return 'refused';
  const embeddings = withNew(heard.segments).map(({ embedding, newNetSpeechMs }) => ({
    embedding,
    netSpeechMs: newNetSpeechMs,
  }));
  const stretch = { embeddings, netSpeechMs: heard.netSpeechMs, quality };
  return assessEnrolment([stretch], defaultPolicy, calibration).kind;
}

/** The caller's voice after so much net speech; null when the probe has less. */
export function evidenceAfter({ segments }: Heard, netSpeechMs: number): Float32Array | null {
  const window = new EvidenceWindow(defaultPolicy.verification.windowNetSpeechMs);
  for (const segment of withNew(segments)) {
    window.add(segment);
    if (segment.totalNetSpeechMs >= netSpeechMs) return window.direction();
  }
  return null;
}

export function evidenceOfAll({ segments }: Heard): Float32Array | null {
  const window = new EvidenceWindow(defaultPolicy.verification.windowNetSpeechMs);
  for (const segment of withNew(segments)) window.add(segment);
  return window.direction();
}

export function llrOf(voiceprint: Float32Array, evidence: Float32Array, calibration: Calibration): number {
  return toLlr(dot(evidence, voiceprint), calibration);
}
