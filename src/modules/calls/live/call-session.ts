import type { AgentFlag } from '../../../core/calls/agent-view.js';
import type { ArrivalNote, ArrivalState } from '../../../core/calls/arrival-rate.js';
import { AudioGate } from '../../../core/calls/audio-gate.js';
import { AudioTally } from '../../../core/calls/audio-tally.js';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { LiveEnrolment } from '../../../core/calls/live-enrolment.js';
import type { MigratedSpeech } from '../../../core/calls/live-migration.js';
import type { AudioAccount, CallResult } from '../../../core/calls/result.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId, WatchlistId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { EnrolmentStretch } from '../../../core/speaker/enrolment.js';
import { Verifier, type AcceptedVoice } from '../../../core/speaker/verifier.js';
import type { ScreenedSoFar } from '../../../core/watchlist/live-screening.js';
import type { ScreeningAdmission } from '../../../core/watchlist/screening-gate.js';
import type { AnalysisEngine, ModelDescription } from '../../../engine/engine.port.js';
import { CallAnalysis, type CallSegment } from './call-analysis.js';
import { CallReport } from './call-report.js';
import { CallTimeline } from './call-timeline.js';
import { GatheredSpeech, type GatheredNews } from './gathered-speech.js';
import { InheritedEvidence } from './inherited-evidence.js';

export interface CallSessionPorts extends GatheredNews {
  readonly engine: AnalysisEngine;
  readonly clock: Clock;
  readonly maxWaitingMs: number;
  onResult(result: CallResult, latencyMs: number | null): void;
  onEngineFailure(): void;
  /** Once a call: its audio came at another rate than was said. */
  onWrongRate(note: ArrivalNote): void;
}

/**
 * One live call on this process: its claim, its gate, its way through the engine and what comes of it. Nothing here waits for
 * anything.
 */
export class CallSession {
  claimedCustomerId: CustomerId | null = null;
  private readonly verifier: Verifier;
  private readonly tally = new AudioTally();
  private readonly timeline: CallTimeline;
  private readonly gate: AudioGate;
  private readonly analysis: CallAnalysis;
  private readonly gathered: GatheredSpeech;
  private readonly report: CallReport;
  private readonly inherited = new InheritedEvidence();
  private context: ClaimContext | null = null;
  private mixed: boolean;
  private enrolledHere = false;
  /** Whose it was has been erased, and nobody has been named since. */
  private released = false;
  private closed = false;
  private wrongRate = false;

  constructor(
    readonly callId: CallId,
    readonly description: CallDescription,
    policy: Policy,
    private readonly ports: CallSessionPorts,
  ) {
    this.verifier = new Verifier(ports.engine.model, policy);
    this.analysis = new CallAnalysis(
      ports.engine,
      ports.maxWaitingMs,
      policy.verification.windowNetSpeechMs,
      this.tally,
      {
        progress: (netSpeechMs, quality) => {
          this.verifier.progress(netSpeechMs, quality);
          this.update(null);
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
      },
    );
    this.gate = new AudioGate(policy.verification.waitForClaimMs, this.tally, (chunk) => {
      this.analysis.push({ ...chunk, positionMs: chunk.positionMs + this.tally.earlierMs });
    });
    this.timeline = new CallTimeline(description.format, {
      clock: ports.clock,
      tally: this.tally,
      placed: (chunk) => {
        this.gate.audio(chunk);
      },
      lost: () => {
        this.verifier.noteAudio('audio-lost');
      },
      arrived: (state) => {
        this.onArrival(state);
      },
    });
    this.gathered = new GatheredSpeech(ports.engine.model.id, ports);
    this.report = new CallReport((result, latencyMs) => {
      ports.onResult(result, latencyMs);
    });
    this.mixed = description.mixed === true;
    if (this.mixed) this.verifier.noteAudio('mixed-channel');
  }

  private onArrival(state: ArrivalState): void {
    this.verifier.doubtRate(state.kind !== 'plain');
    if (state.kind !== 'wrong' || this.wrongRate) return;
    this.wrongRate = true;
    this.verifier.noteAudio(state.note);
    this.gathered.migration.bar();
    this.gathered.screening.admit(null);
    this.ports.onWrongRate(state.note);
  }

  audio(bytes: Uint8Array, positionMs: number): void {
    if (!this.closed && bytes.length > 0) this.timeline.audio(bytes, positionMs);
  }

  lost(ms: number): void {
    this.timeline.lost(ms);
  }

  /**
   * Another stream resumes the call. Its audio waits until consent has been checked again; what went by since the last
   * was heard is lost, up to `maxGapMs`. Returns how much that was.
   */
  resume({ format, mixed }: CallDescription, maxGapMs: number): number {
    this.gate.doubt();
    const gapMs = this.timeline.resume(format, maxGapMs);
    if (mixed) this.mix();
    this.update(null);
    return gapMs;
  }

  /** For another process that resumes the call. The caller wipes the embeddings. */
  carry(): Omit<CarriedCall, 'readTo'> {
    const { callId, claimedCustomerId, mixed, enrolledHere } = this;
    const { lastHeardAtMs: heardAtMs } = this.timeline;
    const { firstDecision } = this.report;
    const evidence = this.verifier.carry();
    const audio = this.tally.now;
    return { callId, heardAtMs, audio, claimedCustomerId, mixed, enrolledHere, firstDecision, evidence };
  }

  /**
   * Resumes with what another process had of the call; nothing of it is used before `apply` says what holds. What went by
   * between is lost, up to `maxGapMs`. Returns how much that was.
   */
  inherit(call: CarriedCall, maxGapMs: number): number {
    const gapMs = this.timeline.goOnFrom(call, maxGapMs);
    this.enrolledHere = call.enrolledHere;
    this.report.restart(call.firstDecision);
    this.inherited.hold(call.evidence);
    this.gathered.migration.bar();
    if (call.mixed) this.mix();
    return gapMs;
  }

  /** Of this process alone: what it has to account for. */
  get audioHere(): AudioAccount {
    return this.tally.here;
  }

  get channels(): NonNullable<CallResult['channels']> {
    if (this.mixed) return 'mixed';
    return this.timeline.format.channels === 2 ? 'separate' : 'caller';
  }

  /**
   * The customer has been named; until the context is loaded audio goes on waiting. Named again, the check begins afresh,
   * for the same customer too: the agent says that another person is speaking.
   */
  claimFor(customerId: CustomerId): void {
    if (this.claimedCustomerId !== null) this.gathered.migration.bar();
    this.claimedCustomerId = customerId;
    this.released = false;
    this.stopProcessing();
    this.context = null;
    this.gathered.screening.admit(null);
    this.verifier.claim(null);
    this.report.restart(null);
    this.inherited.forget();
    this.gate.restart();
    this.update(null);
  }

  /** The claimed customer is erased: what the call knew of them is gone, and it is nobody's until somebody else is named. */
  release(): void {
    this.released = true;
    this.claimedCustomerId = null;
    this.stopProcessing();
    this.context = null;
    this.gathered.screening.admit(null);
    this.gathered.migration.bar();
    this.verifier.claim(null);
    this.report.restart(null);
    this.report.showFlag(null);
    this.inherited.forget();
    this.gate.close();
    this.update(null);
  }

  /** `screening`: the watchlists that the call may be held against; without it none. */
  apply(loaded: ClaimContext, screening: ScreeningAdmission<WatchlistId> | null = null): void {
    if (this.closed || loaded.customerId !== this.claimedCustomerId) return;
    const context: ClaimContext =
      loaded.kind === 'ready' && this.enrolledHere
        ? { kind: 'not-enrolled', customerId: loaded.customerId, reason: 'enrolled-in-this-call' }
        : loaded;
    this.context = context;
    this.verifier.claim(context, this.verifyingModel);
    // Withdrawn: that the voice was decided on, and when, was derived of it.
    if (context.kind === 'opted-out') this.report.restart(null);
    const earlierNetSpeechMs = this.inherited.handTo(this.verifier);
    if (earlierNetSpeechMs !== null) this.analysis.goOnFrom(earlierNetSpeechMs);
    this.gathered.migration.apply(this.mixed ? null : context);
    // In a mixed channel the agent would be screened too.
    this.gathered.screening.admit(this.mixed || this.wrongRate ? null : screening);
    this.settleGate();
    this.update(null);
  }

  /** Consent or voiceprint may be gone: from now on audio waits, until `apply` says what holds. */
  pause(): void {
    this.gate.doubt();
  }

  /** The consent check could not be made: nothing is processed until it can. */
  failClosed(): void {
    this.context = null;
    this.gathered.screening.admit(null);
    this.stopProcessing();
    this.inherited.forget();
    this.verifier.failClosed();
    this.gate.close();
    this.update(null);
  }

  usePolicy(policy: Policy): void {
    this.verifier.usePolicy(policy);
    this.update(null);
  }

  showFlag(flag: AgentFlag | null): void {
    this.report.showFlag(flag);
    if (flag !== null) this.barMigration();
    this.update(null);
  }

  get enrolment(): LiveEnrolment | null {
    return this.gathered.enrolment;
  }

  startEnrolment(neededMs: number): LiveEnrolment {
    const enrolment = this.gathered.startEnrolment(neededMs);
    this.settleGate();
    return enrolment;
  }

  endEnrolment(madeVoiceprint = false): void {
    this.enrolledHere ||= madeVoiceprint;
    this.gathered.endEnrolment();
    this.settleGate();
  }

  /** What is heard of the caller, to hold against the lists that the call is admitted to; null when there is nothing. */
  screenedSoFar(): ScreenedSoFar | null {
    return this.gathered.screening.soFar();
  }

  isStillScreened(heard: ScreenedSoFar): boolean {
    return this.gathered.screening.isStill(heard);
  }

  /** Speech for an entry of this list; null before there is any, undefined when the call is not held against it. */
  screenedVoice(listId: WatchlistId): EnrolmentStretch | null | undefined {
    return this.gathered.screening.stretchFor(listId);
  }

  /** When what allows processing ends by itself: consent, voiceprint, a watchlist's ground; null when nothing is processed. */
  get validUntilMs(): number | null {
    const ready = this.context?.kind === 'ready' ? this.context.validUntilMs : null;
    if (!this.gathered.screening.isWanted) return ready;
    return Math.min(ready ?? Number.POSITIVE_INFINITY, this.gathered.screening.untilMs);
  }

  result(): CallResult {
    return this.report.result({
      callId: this.callId,
      // Of an erased customer's call the platform's id would lead back to the person.
      externalId: this.released ? null : (this.description.externalId ?? null),
      at: new Date(this.ports.clock.nowMs()).toISOString(),
      claimedCustomerId: this.claimedCustomerId,
      verification: this.verifier.result(),
      channels: this.channels,
      audio: this.tally.now,
    });
  }

  /** Everything received is analysed before this resolves. */
  async flush(): Promise<void> {
    await this.analysis.flush();
  }

  /** Speech for a voiceprint of the current model, if the call as it stands now may leave some. */
  takeMigration(): MigratedSpeech | null {
    return this.gathered.migration.take(this.verifier.result().state);
  }

  /** Of a call that ends accepted, for the tenant's centre; null where an agent is heard in it too. The caller wipes it. */
  acceptedVoice(): AcceptedVoice | null {
    return this.mixed ? null : this.verifier.acceptedVoice();
  }

  /** The end: nothing is processed any more, what was derived is overwritten. Returns the last result. */
  close(): CallResult {
    const result = this.result();
    this.closed = true;
    this.stopProcessing();
    this.gate.forget();
    this.inherited.forget();
    this.verifier.forget();
    return result;
  }

  private mix(): void {
    if (this.mixed) return;
    this.mixed = true;
    this.verifier.noteAudio('mixed-channel');
    this.gathered.bar();
  }

  private settleGate(): void {
    if (this.closed || (this.context === null && !this.enrolment)) return;
    if (this.context?.kind === 'ready' || this.enrolment || this.gathered.screening.mayAnalyse) {
      this.useModels();
      this.gate.open();
      return;
    }
    this.stopProcessing();
    this.gate.close();
  }

  private stopProcessing(): void {
    this.analysis.close();
    this.gathered.forget();
  }

  /** Of the voiceprint that is compared with; without one, the current model. */
  private get verifyingModel(): ModelDescription {
    const { model, models } = this.ports.engine;
    const id = this.context?.kind === 'ready' ? this.context.modelId : model.id;
    const found = models.find((loaded) => loaded.id === id);
    if (!found) throw new Error(`the voiceprint's model ${id} is not loaded`);
    return found;
  }

  private barMigration(): void {
    this.gathered.migration.bar();
    this.useModels();
  }

  /** A call that gathers nothing pays for its voiceprint's model alone. */
  private useModels(): void {
    const wanted = this.gathered.wantedModelId;
    this.analysis.useModels([...new Set([this.verifyingModel.id, ...(wanted === null ? [] : [wanted])])]);
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
    if (state === 'accepted' || state === 'rejected' || state === 'inconclusive') {
      this.report.decided({ state, netSpeechMs, streamMs: endMs, latencyMs });
    }
    this.update(latencyMs);
  }

  private update(latencyMs: number | null): void {
    if (!this.closed) this.report.tell(this.result(), latencyMs);
  }
}
