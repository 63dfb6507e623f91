import type { ClaimContext } from '../calls/claim-context.js';
import type { Policy } from '../policy/policy.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { posteriorSameSpeaker, toLlr, type Calibration } from './calibration.js';
import { EvidenceWindow, type EvidenceSegment } from './evidence.js';
import { thresholdsOf } from './thresholds.js';
import type {
  QualityNote,
  VerificationReason,
  VerificationResult,
  VerificationState,
} from './verification.js';
import { dot } from './vectors.js';

export interface VerifierModel {
  readonly id: string;
  readonly calibration: Calibration;
}

type Decision = Extract<VerificationState, 'accepted' | 'rejected' | 'inconclusive'>;
type Standing = readonly [VerificationState, VerificationReason];

const decisionReason: Record<Decision, VerificationReason> = {
  accepted: 'evidence-above-accept-threshold',
  rejected: 'evidence-below-reject-threshold',
  inconclusive: 'evidence-between-thresholds',
};

/** A decision, once given, changes only when this many results in a row say so: one odd segment flips nothing. */
const agreeingToChange = 2;

/**
 * Verification of one call's voice against its claimed customer, as a state machine: a claim context, then speech.
 * Holds the only embeddings of the call; `forget` overwrites them.
 */
export class Verifier {
  private context: ClaimContext | null = null;
  private gateUnavailable = false;
  private evidence: EvidenceWindow;
  private netSpeechMs = 0;
  private quality: SignalQuality | null = null;
  private audioNotes = new Set<QualityNote>();
  private llr: number | null = null;
  private decision: Decision | null = null;
  private challenger: { decision: Decision; times: number } | null = null;
  private last: VerificationResult | null = null;

  constructor(
    private readonly model: VerifierModel,
    private policy: Policy,
  ) {
    this.evidence = new EvidenceWindow(policy.verification.windowNetSpeechMs);
  }

  /** A new claim, or the same customer's changed consent or voiceprint. What was derived for another standing is destroyed. */
  claim(context: ClaimContext | null): void {
    if (!sameReference(this.context, context)) this.forget();
    this.context = context;
    this.gateUnavailable = false;
  }

  /** The consent check could not be made: fail closed. */
  failClosed(): void {
    this.forget();
    this.context = null;
    this.gateUnavailable = true;
  }

  usePolicy(policy: Policy): void {
    this.policy = policy;
  }

  progress(netSpeechMs: number, quality: SignalQuality): void {
    this.netSpeechMs = netSpeechMs;
    this.quality = quality;
  }

  noteAudio(note: 'audio-lost' | 'audio-dropped'): void {
    this.audioNotes.add(note);
  }

  segment(segment: EvidenceSegment, quality: SignalQuality): void {
    if (this.context?.kind !== 'ready') return;
    this.progress(segment.totalNetSpeechMs, quality);
    this.evidence.add(segment);
    const direction = this.evidence.direction();
    if (!direction) return;
    this.llr = toLlr(dot(direction, this.context.voiceprint), this.model.calibration);
    direction.fill(0);
    if (this.netSpeechMs >= this.policy.verification.minNetSpeechMs) this.decide(this.llr);
  }

  result(): VerificationResult {
    const [state, reason] = this.standing();
    const ready = this.context?.kind === 'ready' ? this.context : null;
    const next: VerificationResult = {
      resultId: this.last?.resultId ?? 1,
      state,
      reason,
      llr: this.llr,
      posterior:
        this.llr === null ? null : posteriorSameSpeaker(this.llr, this.policy.verification.priorFraud),
      thresholds: ready ? thresholdsOf(this.policy, this.model.id) : null,
      netSpeechMs: this.netSpeechMs,
      minNetSpeechMs: this.policy.verification.minNetSpeechMs,
      span: this.evidence.span(),
      quality: ready ? [...this.poorQuality(), ...this.audioNotes] : [],
      consentId: ready?.consentId ?? null,
    };
    if (this.last && JSON.stringify(this.last) === JSON.stringify(next)) return this.last;
    this.last = this.last ? { ...next, resultId: this.last.resultId + 1 } : next;
    return this.last;
  }

  /** Destroys everything derived from the voice in this call. */
  forget(): void {
    this.evidence.clear();
    this.evidence = new EvidenceWindow(this.policy.verification.windowNetSpeechMs);
    this.netSpeechMs = 0;
    this.quality = null;
    this.llr = null;
    this.decision = null;
    this.challenger = null;
  }

  private decide(llr: number): void {
    const { acceptLlr, rejectLlr } = thresholdsOf(this.policy, this.model.id);
    const says: Decision = llr > acceptLlr ? 'accepted' : llr < rejectLlr ? 'rejected' : 'inconclusive';
    if (this.decision === null || says === this.decision) {
      this.decision = says;
      this.challenger = null;
      return;
    }
    const times = this.challenger?.decision === says ? this.challenger.times + 1 : 1;
    this.challenger = { decision: says, times };
    if (times >= agreeingToChange) {
      this.decision = says;
      this.challenger = null;
    }
  }

  private standing(): Standing {
    if (this.gateUnavailable) return ['no-consent', 'gate-unavailable'];
    const context = this.context;
    if (context === null) return ['not-claimed', 'no-customer-claimed'];
    switch (context.kind) {
      case 'no-consent':
        return ['no-consent', context.reason];
      case 'opted-out':
        return ['opted-out', 'consent-withdrawn'];
      case 'not-enrolled':
        return ['not-enrolled', context.reason ?? 'voiceprint-missing'];
      case 'enrolment-incomplete':
        return ['enrolment-incomplete', 'enrolment-under-way'];
      case 'expired':
        return ['expired', context.reason];
      case 'ready':
        if (this.decision === null) return ['collecting', 'not-enough-speech'];
        // Poor audio can hide either answer, so it withholds both.
        if (this.poorQuality().length > 0) return ['inconclusive', 'quality-too-poor'];
        return [this.decision, decisionReason[this.decision]];
    }
  }

  private poorQuality(): QualityNote[] {
    if (!this.quality || this.netSpeechMs === 0) return [];
    const limits = this.policy.quality;
    const notes: QualityNote[] = [];
    if (this.quality.speechLevelDbfs < limits.minSpeechLevelDbfs) notes.push('too-quiet');
    if (this.quality.clippedShare > limits.maxClippedShare) notes.push('clipped');
    if (this.quality.snrDb !== null && this.quality.snrDb < limits.minSnrDb) notes.push('noisy');
    return notes;
  }
}

function sameReference(a: ClaimContext | null, b: ClaimContext | null): boolean {
  return a?.kind === 'ready' && b?.kind === 'ready' && a.voiceprintId === b.voiceprintId;
}
