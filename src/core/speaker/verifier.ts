import type { ArrivalNote } from '../calls/arrival-rate.js';
import type { ClaimContext } from '../calls/claim-context.js';
import type { VoiceprintId } from '../ids.js';
import type { Policy } from '../policy/policy.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import type { CarriedEvidence } from './carried-evidence.js';
import type { EvidenceSegment } from './evidence-segment.js';
import { EvidenceWindow } from './evidence.js';
import type { SplitSide } from './caller-change.js';
import { Scorer, type ComparableVoice, type ScoringModel } from './scoring.js';
import { SettledDecision } from './settled-decision.js';
import { describeStanding } from './verifier-result.js';
import { callerChangeRuleOf, mixedThresholdsOf, thresholdsOf } from './thresholds.js';
import { isLikelyOneVoice, isOneVoice, isUnsteady, type Steadiness } from './steadiness.js';
import type { CallerChange, DecisionThresholds, QualityNote, VerificationResult } from './verification.js';

/** The voice of a call that was compared to its end, and what it was compared with. */
export interface EndedVoice {
  readonly voiceprintId: VoiceprintId;
  readonly modelId: string;
  readonly modelSha256: string;
  readonly meanVoiceVersion: number | undefined;
  readonly centre: Float32Array | undefined;
  readonly direction: Float32Array;
  readonly netSpeechMs: number;
  readonly likeness: number | null;
  readonly snrDb: number | null;
  /** Against the claimed customer's own voiceprint; null where the call does not end accepted. */
  readonly ownLlr: number | null;
}

/**
 * Verification of one call's voice against its claimed customer, as a state machine: a claim context, then speech.
 * Holds the only embeddings of the call; `forget` overwrites them.
 */
export class Verifier {
  private context: ClaimContext | null = null;
  private claimNotFound = false;
  private gateUnavailable = false;
  private evidence: EvidenceWindow;
  private scorer: Scorer;
  /** The voiceprint made ready for the scorer, once for all segments. */
  private reference: ComparableVoice | null = null;
  /** Of the tenant's own mean voice that the reference was made ready with. */
  private meanVoiceVersion: number | undefined;
  private netSpeechMs = 0;
  /** Net speech of the stream before the voice changed: it counts for nobody. */
  private netSpeechBeforeMs = 0;
  /** Stream time of the last speech that was told of. */
  private heardUntilMs = 0;
  private callerChange: CallerChange | null = null;
  private quality: SignalQuality | null = null;
  private audioNotes = new Set<QualityNote>();
  private rateInDoubt = false;
  private steadiness: Steadiness | null = null;
  private oneVoice = false;
  private likelyOneVoice = false;
  private llr: number | null = null;
  private decision = new SettledDecision();
  private current: VerificationResult;

  constructor(
    private model: ScoringModel,
    private policy: Policy,
  ) {
    this.evidence = new EvidenceWindow(policy.verification.windowNetSpeechMs);
    this.scorer = new Scorer(model);
    this.current = { resultId: 1, ...this.standing() };
  }

  /** A new claim, or the same customer's changed consent or voiceprint, and the voiceprint's model. What was derived for another standing is destroyed. */
  claim(context: ClaimContext | null, model: ScoringModel = this.model): void {
    if (!sameReference(this.context, context)) {
      this.destroy();
      this.model = model;
      this.refer(context);
    }
    this.context = context;
    this.claimNotFound = false;
    this.gateUnavailable = false;
    this.renew();
  }

  /** Somebody was named whom nobody knows here: whoever is asked who they are has to name them again. */
  missClaim(): void {
    this.claimNotFound = true;
    this.renew();
  }

  /** The consent check could not be made: fail closed. */
  failClosed(): void {
    this.destroy();
    this.refer(null);
    this.context = null;
    this.gateUnavailable = true;
    this.renew();
  }

  usePolicy(policy: Policy): void {
    this.policy = policy;
    this.renew();
  }

  progress(netSpeechMs: number, quality: SignalQuality): void {
    this.count(netSpeechMs, quality);
    this.renew();
  }

  /** While it may be that the audio comes at another rate than was said, no decision is taken. */
  doubtRate(inDoubt: boolean): void {
    this.rateInDoubt = inDoubt;
  }

  noteAudio(note: 'audio-lost' | 'audio-dropped' | 'mixed-channel' | ArrivalNote): void {
    this.audioNotes.add(note);
    this.renew();
  }

  /** Stream time before which nothing of the voice counts: another spoke, or what was derived of it has been destroyed. */
  get countsFromMs(): number {
    return this.evidence.countsFromMs;
  }

  segment(segment: EvidenceSegment, quality: SignalQuality): void {
    this.heardUntilMs = segment.endMs;
    if (!this.reference) return;
    this.weigh(this.reference, segment, quality);
    this.renew();
  }

  private weigh(reference: ComparableVoice, segment: EvidenceSegment, quality: SignalQuality): void {
    this.evidence.add(segment);
    this.noticeCallerChange();
    this.count(segment.totalNetSpeechMs, quality);
    this.steadiness = this.evidence.steadiness();
    this.judgeVoices();
    const direction = this.evidence.direction();
    if (!direction) return;
    const likeness = this.steadiness?.likeness ?? null;
    const probe = this.scorer.ready(direction, this.evidence.netSpeechMs(), likeness);
    direction.fill(0);
    if (!probe) return;
    this.llr = this.scorer.llr(reference, probe, quality.snrDb);
    probe.direction.fill(0);
    if (!this.rateInDoubt && this.netSpeechMs >= this.policy.verification.minNetSpeechMs)
      this.decision.weigh(this.llr, this.thresholds());
  }

  /** How it stands: computed when something was heard or said, not when it is asked for. */
  result(): VerificationResult {
    return this.current;
  }

  /** For another process that resumes the call; the caller wipes the embeddings. Null when nothing is known of the voice. */
  carry(): CarriedEvidence | null {
    const segments = this.evidence.copy();
    const totalNetSpeechMs = segments.at(-1)?.totalNetSpeechMs;
    if (this.context?.kind !== 'ready' || totalNetSpeechMs === undefined) return null;
    const { netSpeechBeforeMs, callerChange, quality, oneVoice, llr } = this;
    const decision = this.decision.now;
    const known = { netSpeechBeforeMs, callerChange, quality, oneVoice, llr, decision };
    return { voiceprintId: this.context.voiceprintId, segments, totalNetSpeechMs, ...known };
  }

  /** Goes on with another process's evidence; false when it is of another voiceprint than the claimed one now. */
  takeUp(carried: CarriedEvidence): boolean {
    if (this.context?.kind !== 'ready' || this.context.voiceprintId !== carried.voiceprintId) return false;
    for (const segment of carried.segments) this.evidence.add(segment);
    this.steadiness = this.evidence.steadiness();
    this.netSpeechBeforeMs = carried.netSpeechBeforeMs;
    this.netSpeechMs = carried.totalNetSpeechMs - carried.netSpeechBeforeMs;
    this.callerChange = carried.callerChange;
    this.quality = carried.quality;
    this.oneVoice = carried.oneVoice;
    this.llr = carried.llr;
    this.decision = new SettledDecision(carried.decision);
    this.renew();
    return true;
  }

  /** Null unless one caller was compared to a decision, whichever it is. A copy of the direction, for the caller to wipe. */
  endedVoice(): EndedVoice | null {
    const { context, model, evidence, llr, meanVoiceVersion } = this;
    const { state } = this.current;
    const isDecided = state === 'accepted' || state === 'rejected' || state === 'inconclusive';
    if (context?.kind !== 'ready' || !isDecided || this.callerChange || llr === null) return null;
    const direction = evidence.direction();
    return (
      direction && {
        voiceprintId: context.voiceprintId,
        modelId: model.id,
        modelSha256: model.sha256,
        meanVoiceVersion,
        centre: context.centre,
        direction,
        netSpeechMs: evidence.netSpeechMs(),
        likeness: this.steadiness?.likeness ?? null,
        snrDb: this.quality?.snrDb ?? null,
        ownLlr: state === 'accepted' ? llr : null,
      }
    );
  }

  /** Destroys everything derived from the voice in this call. */
  forget(): void {
    this.destroy();
    this.renew();
  }

  /** Once certain it stays so; what the first seconds make likely, later ones may take back. */
  private judgeVoices(): void {
    const { minSteadiness } = this.policy.quality;
    this.oneVoice ||= isOneVoice(this.steadiness, minSteadiness);
    if (this.steadiness === null)
      this.likelyOneVoice = isLikelyOneVoice(this.evidence.earlyLikeness(), minSteadiness);
    else if (isUnsteady(this.steadiness, minSteadiness)) this.likelyOneVoice = false;
  }

  private count(netSpeechMs: number, quality: SignalQuality): void {
    this.netSpeechMs = Math.max(0, netSpeechMs - this.netSpeechBeforeMs);
    this.quality = quality;
  }

  private destroy(): void {
    this.evidence.clear();
    this.evidence = new EvidenceWindow(this.policy.verification.windowNetSpeechMs, this.heardUntilMs);
    this.netSpeechMs = 0;
    this.netSpeechBeforeMs = 0;
    this.callerChange = null;
    this.quality = null;
    this.steadiness = null;
    this.oneVoice = false;
    this.likelyOneVoice = false;
    this.llr = null;
    this.decision = new SettledDecision();
  }

  /** Makes ready what the voice will be compared with; what was compared with before is overwritten. */
  private refer(context: ClaimContext | null): void {
    this.reference?.direction.fill(0);
    this.reference = null;
    this.meanVoiceVersion = undefined;
    if (context?.kind !== 'ready') return;
    this.meanVoiceVersion = context.meanVoiceVersion;
    this.scorer = new Scorer(this.model, context.centre);
    this.reference = this.scorer.ready(context.voiceprint, context.netSpeechMs);
  }

  /** Begins afresh with the new voice. In a mixed channel the agent's turns would be changes. */
  private noticeCallerChange(): void {
    if (this.isMixed) return;
    const llr = (before: SplitSide, after: SplitSide): number => {
      const one = this.scorer.ready(before.direction, before.netSpeechMs);
      const other = this.scorer.ready(after.direction, after.netSpeechMs);
      return one && other ? this.scorer.llr(one, other, null) : Number.POSITIVE_INFINITY;
    };
    const found = this.evidence.splitAtCallerChange(llr, callerChangeRuleOf(this.policy));
    if (!found) return;
    this.callerChange = { atMs: found.atMs, llr: found.llr };
    this.netSpeechBeforeMs = found.totalNetSpeechMs;
    this.oneVoice = false;
    this.likelyOneVoice = false;
    this.llr = null;
    this.decision = new SettledDecision();
  }

  private renew(): void {
    const { resultId, ...before } = this.current;
    const now = this.standing();
    if (JSON.stringify(before) !== JSON.stringify(now)) this.current = { resultId: resultId + 1, ...now };
  }

  private standing(): Omit<VerificationResult, 'resultId'> {
    const {
      context,
      claimNotFound,
      gateUnavailable,
      callerChange,
      quality,
      netSpeechMs,
      steadiness,
      oneVoice,
      llr,
    } = this;
    const { policy, isMixed } = this;
    return describeStanding({
      context,
      claimNotFound,
      gateUnavailable,
      callerChange,
      quality,
      netSpeechMs,
      steadiness,
      oneVoice: oneVoice || this.likelyOneVoice,
      llr,
      policy,
      isMixed,
      decision: this.decision.now,
      span: this.evidence.span(),
      thresholds: this.thresholds(),
      audioNotes: [...this.audioNotes],
    });
  }

  private get isMixed(): boolean {
    return this.audioNotes.has('mixed-channel');
  }

  private thresholds(): DecisionThresholds {
    const { policy, model, isMixed, meanVoiceVersion, context } = this;
    const bounds = context?.kind === 'ready' ? context.acceptance : undefined;
    const inForce = isMixed
      ? mixedThresholdsOf(policy, model.id, bounds)
      : thresholdsOf(policy, model.id, undefined, bounds);
    return meanVoiceVersion === undefined ? inForce : { ...inForce, meanVoiceVersion };
  }
}

function sameReference(a: ClaimContext | null, b: ClaimContext | null): boolean {
  return a?.kind === 'ready' && b?.kind === 'ready' && a.voiceprintId === b.voiceprintId;
}
