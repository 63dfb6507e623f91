import type { ArrivalNote } from '../../../core/calls/arrival-rate.js';
import type { AudioTally } from '../../../core/calls/audio-tally.js';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { FirstDecision } from '../../../core/calls/result.js';
import type { PlacedAudio } from '../../../core/calls/waiting-audio.js';
import type { WatchlistId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { CarriedEvidence } from '../../../core/speaker/carried-evidence.js';
import type { VerificationResult } from '../../../core/speaker/verification.js';
import { Verifier, type EndedVoice } from '../../../core/speaker/verifier.js';
import type { ScreeningAdmission } from '../../../core/watchlist/screening-gate.js';
import type { AnalysisEngine, ModelDescription } from '../../../engine/engine.port.js';
import { CallAnalysis, type CallSegment } from './call-analysis.js';
import { GatheredSpeech, type GatheredNews } from './gathered-speech.js';
import { InheritedEvidence } from './inherited-evidence.js';

export interface CallVoicePorts extends GatheredNews {
  readonly engine: AnalysisEngine;
  readonly maxWaitingMs: number;
  onEngineFailure(): void;
}

export interface VoiceListener {
  changed(latencyMs: number | null): void;
  decided(decision: FirstDecision): void;
}

/** What is made of a call's voice once it may be heard: its way through the engine, the verification, what is gathered beside it. */
export class CallVoice {
  readonly gathered: GatheredSpeech;
  private readonly verifier: Verifier;
  private readonly analysis: CallAnalysis;
  private readonly inherited = new InheritedEvidence();
  private context: ClaimContext | null = null;
  private mixed = false;
  private wrongRate = false;

  constructor(
    policy: Policy,
    private readonly tally: AudioTally,
    private readonly ports: CallVoicePorts,
    private readonly listener: VoiceListener,
  ) {
    this.verifier = new Verifier(ports.engine.model, policy);
    const windowMs = policy.verification.windowNetSpeechMs;
    this.analysis = new CallAnalysis(ports.engine, ports.maxWaitingMs, windowMs, tally, {
      progress: (netSpeechMs, quality) => {
        this.verifier.progress(netSpeechMs, quality);
        listener.changed(null);
      },
      segment: (segment) => {
        this.onSegment(segment);
      },
      dropped: () => {
        this.verifier.noteAudio('audio-dropped');
      },
      failed: () => {
        ports.onEngineFailure();
      },
    });
    this.gathered = new GatheredSpeech(ports.engine.model.id, ports);
  }

  get isMixed(): boolean {
    return this.mixed;
  }

  get verification(): VerificationResult {
    return this.verifier.result();
  }

  hear(chunk: PlacedAudio): void {
    this.analysis.push({ ...chunk, positionMs: chunk.positionMs + this.tally.earlierMs });
  }

  noteLost(): void {
    this.verifier.noteAudio('audio-lost');
  }

  doubtRate(inDoubt: boolean): void {
    this.verifier.doubtRate(inDoubt);
  }

  /** The audio came at another rate than was said: nothing is decided of it, gathered or held against lists. */
  noteWrongRate(note: ArrivalNote): void {
    this.wrongRate = true;
    this.verifier.noteAudio(note);
    this.gathered.migration.bar();
    this.gathered.screening.admit(null);
  }

  /** The agent is heard in the caller's channel, from now on. */
  mix(): void {
    if (this.mixed) return;
    this.mixed = true;
    this.verifier.noteAudio('mixed-channel');
    this.gathered.bar();
  }

  usePolicy(policy: Policy): void {
    this.verifier.usePolicy(policy);
  }

  /** Nobody's voice is known any more: another claim, or the claimed customer is erased. */
  restart(): void {
    this.stop();
    this.context = null;
    this.gathered.screening.admit(null);
    this.verifier.claim(null);
    this.inherited.forget();
  }

  missClaim(): void {
    this.verifier.missClaim();
  }

  /** Consent could not be checked. */
  failClosed(): void {
    this.context = null;
    this.gathered.screening.admit(null);
    this.stop();
    this.inherited.forget();
    this.verifier.failClosed();
  }

  /** What holds of the claimed customer. */
  apply(context: ClaimContext, screening: ScreeningAdmission<WatchlistId> | null): void {
    this.context = context;
    this.verifier.claim(context, this.verifyingModel);
    const earlierNetSpeechMs = this.inherited.handTo(this.verifier);
    if (earlierNetSpeechMs !== null) this.analysis.goOnFrom(earlierNetSpeechMs);
    this.gathered.migration.apply(this.mixed ? null : context);
    // In a mixed channel the agent would be screened too.
    this.gathered.screening.admit(this.mixed || this.wrongRate ? null : screening);
  }

  /** Undefined while it is not known what holds. */
  get mayBeHeard(): boolean | undefined {
    if (this.context === null && !this.gathered.enrolment) return undefined;
    return (
      this.context?.kind === 'ready' || this.gathered.enrolment !== null || this.gathered.screening.mayAnalyse
    );
  }

  /** When what allows processing ends by itself: consent, voiceprint, a watchlist's ground; null when nothing is processed. */
  get validUntilMs(): number | null {
    const ready = this.context?.kind === 'ready' ? this.context.validUntilMs : null;
    if (!this.gathered.screening.isWanted) return ready;
    return Math.min(ready ?? Number.POSITIVE_INFINITY, this.gathered.screening.untilMs);
  }

  /** Kept unused until `apply` says what holds. */
  inherit(evidence: CarriedEvidence | null): void {
    this.inherited.hold(evidence);
    this.gathered.migration.bar();
  }

  carry(): CarriedEvidence | null {
    return this.verifier.carry();
  }

  /** Of a call that was compared to a decision; null where more than one voice may be in it. The caller wipes it. */
  endedVoice(): EndedVoice | null {
    return this.mixed || this.wrongRate ? null : this.verifier.endedVoice();
  }

  barMigration(): void {
    this.gathered.migration.bar();
    this.useModels();
  }

  /** A call that gathers nothing pays for its voiceprint's model alone. */
  useModels(): void {
    const wanted = this.gathered.wantedModelId;
    this.analysis.useModels([...new Set([this.verifyingModel.id, ...(wanted === null ? [] : [wanted])])]);
  }

  /** Everything received is analysed before this resolves. */
  flush(): Promise<void> {
    return this.analysis.flush();
  }

  /** Nothing is processed any more, and nothing gathered is kept. */
  stop(): void {
    this.analysis.close();
    this.gathered.forget();
  }

  /** What was derived is overwritten. */
  forget(): void {
    this.inherited.forget();
    this.verifier.forget();
  }

  /** Of the voiceprint that is compared with; without one, the current model. */
  private get verifyingModel(): ModelDescription {
    const { model, models } = this.ports.engine;
    const id = this.context?.kind === 'ready' ? this.context.modelId : model.id;
    const found = models.find((loaded) => loaded.id === id);
    if (!found) throw new Error(`the voiceprint's model ${id} is not loaded`);
    return found;
  }

  private onSegment(segment: CallSegment): void {
    const { modelId, quality, latencyMs, endMs } = segment;
    if (this.gathered.add(segment)) this.useModels();
    if (modelId !== this.verifyingModel.id) return;
    this.verifier.segment(segment, quality);
    this.analysis.forgetBefore(this.verifier.countsFromMs);
    const { state, netSpeechMs, callerChange } = this.verifier.result();
    if (state === 'rejected' || callerChange) this.barMigration();
    if (callerChange) this.gathered.callerChanged(callerChange.atMs);
    if (state === 'accepted' || state === 'rejected' || state === 'inconclusive')
      this.listener.decided({ state, netSpeechMs, streamMs: endMs, latencyMs });
    this.listener.changed(latencyMs);
  }
}
