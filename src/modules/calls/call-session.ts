import { durationMs } from '../../core/audio/stream-format.js';
import { agentViewOf, type AgentFlag } from '../../core/calls/agent-view.js';
import type { ClaimContext } from '../../core/calls/claim-context.js';
import type { CallDescription } from '../../core/calls/intake.js';
import { LiveEnrolment } from '../../core/calls/live-enrolment.js';
import { AudioTally } from '../../core/calls/audio-tally.js';
import type { CallResult, FirstDecision } from '../../core/calls/result.js';
import { isNews } from '../../core/calls/result-news.js';
import { WaitingAudio } from '../../core/calls/waiting-audio.js';
import type { Clock } from '../../core/clock.js';
import type { CallId, CustomerId } from '../../core/ids.js';
import type { Policy } from '../../core/policy/policy.js';
import { Verifier } from '../../core/speaker/verifier.js';
import type {
  AnalysisEngine,
  AnalysisEvent,
  AnalysisStream,
  SegmentEmbedding,
} from '../../engine/engine.port.js';

export interface CallSessionPorts {
  readonly engine: AnalysisEngine;
  readonly clock: Clock;
  readonly maxWaitingMs: number;
  onResult(result: CallResult, latencyMs: number | null): void;
  onEnrolmentComplete(): void;
  onEngineFailure(): void;
}

/**
 * One live call on this process. The gate stands at the door of the engine: `undecided` holds audio for a while unheard,
 * `open` sends it to a worker, `closed` lets it go. Nothing here waits for anything.
 */
export class CallSession {
  readonly openedAtMs: number;
  claimedCustomerId: CustomerId | null = null;
  enrolment: LiveEnrolment | null = null;
  private readonly verifier: Verifier;
  private readonly waiting: WaitingAudio;
  private gate: 'undecided' | 'open' | 'closed' = 'undecided';
  private context: ClaimContext | null = null;
  private stream: AnalysisStream | null = null;
  /** Stream time at which the engine's stream began: its positions count from there. */
  private streamBaseMs = 0;
  private netSpeechBeforeMs = 0;
  private readonly tally = new AudioTally();
  private flag: AgentFlag | null = null;
  private last: CallResult | null = null;
  private firstDecision: FirstDecision | null = null;
  private enrolledHere = false;
  private closed = false;

  constructor(
    readonly callId: CallId,
    readonly description: CallDescription,
    policy: Policy,
    private readonly ports: CallSessionPorts,
  ) {
    const { id, calibration } = ports.engine.model;
    this.verifier = new Verifier({ id, calibration }, policy);
    this.waiting = new WaitingAudio(policy.verification.waitForClaimMs);
    this.openedAtMs = ports.clock.nowMs();
  }

  audio(bytes: Uint8Array, positionMs: number): void {
    if (this.closed || bytes.length === 0) return;
    const missingMs = positionMs - this.tally.positionMs;
    // Less than a millisecond is rounding of the platform's own clock.
    if (missingMs >= 1) this.lost(missingMs);
    const ms = durationMs(bytes.length, this.description.format);
    this.tally.count({ receivedMs: ms });
    if (this.gate === 'closed') this.tally.count({ withheldMs: ms });
    else if (this.gate === 'undecided') this.tally.count({ withheldMs: this.waiting.add(bytes, ms) });
    else this.analyse(bytes, ms);
  }

  lost(ms: number): void {
    this.tally.count({ lostMs: ms });
    this.verifier.noteAudio('audio-lost');
    this.stream?.lost(ms);
  }

  /**
   * The customer has been named; until the context is loaded audio goes on waiting. Named again, the check begins afresh,
   * for the same customer too: the agent says that another person is speaking.
   */
  claimFor(customerId: CustomerId): void {
    this.claimedCustomerId = customerId;
    this.stopProcessing();
    this.context = null;
    this.verifier.claim(null);
    this.firstDecision = null;
    this.gate = 'undecided';
    this.update(null);
  }

  apply(loaded: ClaimContext): void {
    if (this.closed || loaded.customerId !== this.claimedCustomerId) return;
    const context: ClaimContext =
      loaded.kind === 'ready' && this.enrolledHere
        ? { kind: 'not-enrolled', customerId: loaded.customerId, reason: 'enrolled-in-this-call' }
        : loaded;
    this.context = context;
    this.verifier.claim(context);
    this.settleGate();
    this.update(null);
  }

  /** Consent or voiceprint may be gone: from now on audio waits, until `apply` says what holds. */
  pause(): void {
    if (this.gate === 'open') this.gate = 'undecided';
  }

  /** The consent check could not be made: nothing is processed until it can. */
  failClosed(): void {
    this.context = null;
    this.stopProcessing();
    this.verifier.failClosed();
    this.gate = 'closed';
    this.tally.count({ withheldMs: this.waiting.clear() });
    this.update(null);
  }

  usePolicy(policy: Policy): void {
    this.verifier.usePolicy(policy);
    this.update(null);
  }

  showFlag(flag: AgentFlag | null): void {
    this.flag = flag;
    this.update(null);
  }

  startEnrolment(neededMs: number): LiveEnrolment {
    const enrolment = new LiveEnrolment(neededMs);
    this.enrolment = enrolment;
    this.settleGate();
    return enrolment;
  }

  endEnrolment(madeVoiceprint = false): void {
    this.enrolledHere ||= madeVoiceprint;
    this.enrolment?.forget();
    this.enrolment = null;
    this.settleGate();
  }

  /** When the consent or voiceprint in force ends by itself; null when nothing is processed. */
  get validUntilMs(): number | null {
    return this.context?.kind === 'ready' ? this.context.validUntilMs : null;
  }

  result(): CallResult {
    const verification = this.verifier.result();
    return {
      callId: this.callId,
      externalId: this.description.externalId ?? null,
      at: new Date(this.ports.clock.nowMs()).toISOString(),
      claimedCustomerId: this.claimedCustomerId,
      verification,
      agent: agentViewOf(verification, this.flag),
      audio: this.tally.now,
      firstDecision: this.firstDecision,
    };
  }

  /** Everything received is analysed before this resolves. */
  async flush(): Promise<void> {
    await this.stream?.flush();
  }

  /** The end: nothing is processed any more, what was derived is overwritten. Returns the last result. */
  close(): CallResult {
    const result = this.result();
    this.closed = true;
    this.stopProcessing();
    this.waiting.clear();
    this.verifier.forget();
    return result;
  }

  private settleGate(): void {
    if (this.closed || (this.context === null && !this.enrolment)) return;
    const mayProcess = this.context?.kind === 'ready' || this.enrolment !== null;
    if (mayProcess) {
      this.gate = 'open';
      const held = this.waiting.take();
      if (held.length > 0) this.stream ??= this.openStream(held.reduce((sum, { ms }) => sum + ms, 0));
      for (const { bytes, ms } of held) this.analyse(bytes, ms);
      return;
    }
    this.gate = 'closed';
    this.stopProcessing();
    this.tally.count({ withheldMs: this.waiting.clear() });
  }

  private analyse(bytes: Uint8Array, ms: number): void {
    this.stream ??= this.openStream(ms);
    this.tally.count({ analysedMs: ms });
    this.stream.push(bytes);
  }

  private openStream(heldMs: number): AnalysisStream {
    const { description, ports } = this;
    this.streamBaseMs = Math.max(0, this.tally.positionMs - heldMs);
    this.netSpeechBeforeMs = 0;
    return ports.engine.open({ format: description.format, maxWaitingMs: ports.maxWaitingMs }, (event) => {
      this.onAnalysis(event);
    });
  }

  private stopProcessing(): void {
    this.stream?.close();
    this.stream = null;
    this.enrolment?.forget();
    this.enrolment = null;
  }

  private onAnalysis(event: AnalysisEvent): void {
    if (this.closed) return;
    switch (event.kind) {
      case 'progress':
        this.verifier.progress(event.netSpeechMs, event.quality);
        this.update(null);
        return;
      case 'segment':
        this.onSegment(event);
        return;
      case 'dropped':
        this.tally.count({ droppedMs: event.durationMs, analysedMs: -event.durationMs });
        this.verifier.noteAudio('audio-dropped');
        return;
      case 'failed':
        this.ports.onEngineFailure();
        return;
    }
  }

  private onSegment(event: SegmentEmbedding): void {
    const newNetSpeechMs = Math.max(0, event.totalNetSpeechMs - this.netSpeechBeforeMs);
    this.netSpeechBeforeMs = event.totalNetSpeechMs;
    const gathered = { embedding: event.embedding.slice(), netSpeechMs: newNetSpeechMs };
    if (this.enrolment?.add(gathered, event.quality)) this.ports.onEnrolmentComplete();
    const { embedding, totalNetSpeechMs } = event;
    const [startMs, endMs] = [event.startMs + this.streamBaseMs, event.endMs + this.streamBaseMs];
    this.verifier.segment({ embedding, startMs, endMs, totalNetSpeechMs, newNetSpeechMs }, event.quality);
    const { state, netSpeechMs } = this.verifier.result();
    if (state === 'accepted' || state === 'rejected' || state === 'inconclusive') {
      this.firstDecision ??= { state, netSpeechMs, streamMs: endMs, latencyMs: event.latencyMs };
    }
    this.update(event.latencyMs);
  }

  private update(latencyMs: number | null): void {
    if (this.closed) return;
    const result = this.result();
    if (this.last && !isNews(this.last, result)) return;
    this.last = result;
    this.ports.onResult(result, latencyMs);
  }
}
