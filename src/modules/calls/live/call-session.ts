import type { AgentFlag } from '../../../core/calls/agent-view.js';
import type { ArrivalNote, ArrivalState } from '../../../core/calls/arrival-rate.js';
import { AudioGate } from '../../../core/calls/audio-gate.js';
import { AudioTally } from '../../../core/calls/audio-tally.js';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { LiveEnrolment } from '../../../core/calls/live-enrolment.js';
import type { MigratedSpeech } from '../../../core/calls/live-migration.js';
import type { AudioAccount, CallResult } from '../../../core/calls/result.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId, WatchlistId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { EndedVoice } from '../../../core/speaker/verifier.js';
import type { LiveScreening } from '../../../core/watchlist/live-screening.js';
import type { ScreeningAdmission } from '../../../core/watchlist/screening-gate.js';
import { CallReport } from './call-report.js';
import { CallTimeline } from './call-timeline.js';
import { CallVoice, type CallVoicePorts } from './call-voice.js';

export interface CallSessionPorts extends CallVoicePorts {
  readonly clock: Clock;
  onResult(result: CallResult, latencyMs: number | null): void;
  /** Once a call: its audio came at another rate than was said. */
  onWrongRate(note: ArrivalNote): void;
}

/**
 * One live call on this process: whose it is said to be, the gate that its audio waits at, and what it says of itself. Nothing
 * here waits for anything.
 */
export class CallSession {
  claimedCustomerId: CustomerId | null = null;
  private readonly tally = new AudioTally();
  private readonly timeline: CallTimeline;
  private readonly gate: AudioGate;
  private readonly voice: CallVoice;
  private readonly report: CallReport;
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
    this.voice = new CallVoice(policy, this.tally, ports, {
      changed: (latencyMs) => {
        this.update(latencyMs);
      },
      decided: (decision) => {
        this.report.decided(decision);
      },
    });
    this.gate = new AudioGate(policy.verification.waitForClaimMs, this.tally, (chunk) => {
      this.voice.hear(chunk);
    });
    this.timeline = new CallTimeline(description.format, {
      clock: ports.clock,
      tally: this.tally,
      placed: (chunk) => {
        this.gate.audio(chunk);
      },
      lost: () => {
        this.voice.noteLost();
      },
      arrived: (state) => {
        this.onArrival(state);
      },
    });
    this.report = new CallReport((result, latencyMs) => {
      ports.onResult(result, latencyMs);
    });
    if (description.mixed === true) this.voice.mix();
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
    if (mixed) this.voice.mix();
    this.update(null);
    return gapMs;
  }

  /** For another process that resumes the call. The caller wipes the embeddings. */
  carry(): Omit<CarriedCall, 'readTo'> {
    const { callId, claimedCustomerId, enrolledHere } = this;
    const { lastHeardAtMs: heardAtMs } = this.timeline;
    const { firstDecision } = this.report;
    const { isMixed: mixed } = this.voice;
    const evidence = this.voice.carry();
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
    this.voice.inherit(call.evidence);
    if (call.mixed) this.voice.mix();
    return gapMs;
  }

  /** Of this process alone: what it has to account for. */
  get audioHere(): AudioAccount {
    return this.tally.here;
  }

  get channels(): NonNullable<CallResult['channels']> {
    if (this.voice.isMixed) return 'mixed';
    return this.timeline.format.channels === 2 ? 'separate' : 'caller';
  }

  /**
   * The customer has been named; until the context is loaded audio goes on waiting. Named again, the check begins afresh,
   * for the same customer too: the agent says that another person is speaking.
   */
  claimFor(customerId: CustomerId): void {
    if (this.claimedCustomerId !== null) this.voice.gathered.migration.bar();
    this.claimedCustomerId = customerId;
    this.released = false;
    this.voice.restart();
    this.report.restart(null);
    this.gate.restart();
    this.update(null);
  }

  /** Whom the platform named is not known here; nobody has been named since. */
  missClaim(): void {
    if (this.claimedCustomerId !== null) return;
    this.voice.missClaim();
    this.update(null);
  }

  /** The claimed customer is erased: what the call knew of them is gone, and it is nobody's until somebody else is named. */
  release(): void {
    this.released = true;
    this.claimedCustomerId = null;
    this.voice.restart();
    this.voice.gathered.migration.bar();
    this.report.restart(null);
    this.report.showFlag(null);
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
    // Withdrawn: that the voice was decided on, and when, was derived of it.
    if (context.kind === 'opted-out') this.report.restart(null);
    this.voice.apply(context, screening);
    this.settleGate();
    this.update(null);
  }

  /** Consent or voiceprint may be gone: from now on audio waits, until `apply` says what holds. */
  pause(): void {
    this.gate.doubt();
  }

  /** The consent check could not be made: nothing is processed until it can. */
  failClosed(): void {
    this.voice.failClosed();
    this.gate.close();
    this.update(null);
  }

  usePolicy(policy: Policy): void {
    this.voice.usePolicy(policy);
    this.update(null);
  }

  showFlag(flag: AgentFlag | null): void {
    this.report.showFlag(flag);
    if (flag !== null) this.voice.barMigration();
    this.update(null);
  }

  get enrolment(): LiveEnrolment | null {
    return this.voice.gathered.enrolment;
  }

  startEnrolment(neededMs: number): LiveEnrolment {
    const enrolment = this.voice.gathered.startEnrolment(neededMs);
    this.settleGate();
    return enrolment;
  }

  endEnrolment(madeVoiceprint = false): void {
    this.enrolledHere ||= madeVoiceprint;
    this.voice.gathered.endEnrolment();
    this.settleGate();
  }

  /** What is heard of the caller, to hold against the lists that the call is admitted to. */
  get screening(): Pick<LiveScreening, 'soFar' | 'isStill' | 'stretchFor'> {
    return this.voice.gathered.screening;
  }

  get validUntilMs(): number | null {
    return this.voice.validUntilMs;
  }

  result(): CallResult {
    return this.report.result({
      callId: this.callId,
      // Of an erased customer's call the platform's id would lead back to the person.
      externalId: this.released ? null : (this.description.externalId ?? null),
      at: new Date(this.ports.clock.nowMs()).toISOString(),
      claimedCustomerId: this.claimedCustomerId,
      verification: this.voice.verification,
      channels: this.channels,
      audio: this.tally.now,
    });
  }

  /** Everything received is analysed before this resolves. */
  flush(): Promise<void> {
    return this.voice.flush();
  }

  /** Speech for a voiceprint of the current model, if the call as it stands now may leave some. */
  takeMigration(): MigratedSpeech | null {
    return this.voice.gathered.migration.take(this.voice.verification.state);
  }

  /** Of a call that was compared to a decision, for the tenant's mean voice and to count how alike strangers are. The caller wipes it. */
  endedVoice(): EndedVoice | null {
    return this.voice.endedVoice();
  }

  /** The end: nothing is processed any more, what was derived is overwritten. Returns the last result. */
  close(): CallResult {
    const result = this.result();
    this.closed = true;
    this.voice.stop();
    this.gate.forget();
    this.voice.forget();
    return result;
  }

  private onArrival(state: ArrivalState): void {
    this.voice.doubtRate(state.kind !== 'plain');
    if (state.kind !== 'wrong' || this.wrongRate) return;
    this.wrongRate = true;
    this.voice.noteWrongRate(state.note);
    this.ports.onWrongRate(state.note);
  }

  private settleGate(): void {
    const { mayBeHeard } = this.voice;
    if (this.closed || mayBeHeard === undefined) return;
    if (mayBeHeard) {
      this.voice.useModels();
      this.gate.open();
      return;
    }
    this.voice.stop();
    this.gate.close();
  }

  private update(latencyMs: number | null): void {
    if (!this.closed) this.report.tell(this.result(), latencyMs);
  }
}
