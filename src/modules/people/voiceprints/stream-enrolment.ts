import { durationMs, type StreamFormat } from '../../../core/audio/stream-format.js';
import type { TokenId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { qualityRefusals, type EnrolmentRefusalCode } from '../../../core/speaker/enrolment.js';
import type { AnalysisEngine, AnalysisEvent, AnalysisStream } from '../../../engine/engine.port.js';
import type { Owner } from './customer-keys.js';
import type { EnrolmentOutcome, EnrolmentTicket } from './enrolment-outcome.js';
import { Gathering } from './gathering.js';
import { wipeStretches } from './pending-stretches.js';
import type { VoiceprintsService } from './voiceprints.service.js';
import { whyStopped } from './why-stopped.js';

export interface EnrolmentProgress {
  /** Of the audio that has been analysed. */
  readonly positionMs: number;
  /** With what was gathered before. */
  readonly netSpeechMs: number;
  /** What would have the speech so far refused. */
  readonly hints: readonly EnrolmentRefusalCode[];
}

/** `failed`: the engine could not go on; nothing was stored. */
export type StreamOutcome = EnrolmentOutcome | { readonly kind: 'failed' };

export interface EnrolmentNews {
  progress(progress: EnrolmentProgress): void;
  /** There is enough speech, or no more is taken: finish it now. Said once. */
  enough(): void;
  /** Over before it was finished: consent ended, the voice was erased, or the engine failed. */
  ended(outcome: StreamOutcome): void;
}

interface Speaker {
  readonly owner: Owner;
  /** Whoever let the customer in: they cannot release by themselves what is held of it. */
  readonly by: TokenId;
  readonly policy: Policy;
  readonly alreadyMs: number;
  readonly ticket: EnrolmentTicket;
  readonly atMostMs: number;
}

/** Speech shorter than this says too little of how well it is heard. */
const hintsFromMs = 1000;
/** Audio that the engine has not come to: past it somebody sends faster than people speak, or the engine can't keep up. */
const aheadAtMostMs = 60_000;

/** One person at a microphone. Audio goes to the engine and is gone; what is kept are embeddings, once enough is there. */
export class StreamEnrolment {
  private readonly gathering = new Gathering();
  private readonly stream: AnalysisStream;
  private state: 'open' | 'finishing' | 'over' = 'open';
  private pushedMs = 0;
  private saidEnough = false;

  constructor(
    engine: AnalysisEngine,
    private readonly voiceprints: VoiceprintsService,
    private readonly speaker: Speaker,
    private readonly format: StreamFormat,
    private readonly news: EnrolmentNews,
    private readonly release: () => void,
  ) {
    this.stream = engine.open({ format, maxWaitingMs: 0 }, (event) => {
      this.hear(event);
    });
  }

  /** Whole frames. False: far more than anybody can have said, and it is over. */
  push(bytes: Uint8Array): boolean {
    if (this.state !== 'open') return true;
    this.pushedMs += durationMs(bytes.length, this.format);
    if (this.pushedMs - this.gathering.positionMs > aheadAtMostMs) {
      this.cancel();
      return false;
    }
    this.stream.push(bytes.slice());
    if (this.pushedMs >= this.speaker.atMostMs) this.enough();
    return true;
  }

  /** Judges what was said, and stores it. Asked again it is over. */
  async finish(): Promise<StreamOutcome> {
    if (this.state !== 'open') return { kind: 'failed' };
    this.state = 'finishing';
    try {
      await this.stream.flush();
      const result = this.gathering.result();
      if (result.kind !== 'analysed') return await this.why(result.kind);
      try {
        const { owner, by, ticket } = this.speaker;
        const offered = { ...result.stretch, source: 'microphone' as const, by, ticket };
        return await this.voiceprints.addStretch(owner.tenantId, owner.customerId, offered);
      } finally {
        wipeStretches([result.stretch]);
      }
    } finally {
      this.close();
    }
  }

  /** Nothing of it is kept. */
  cancel(): void {
    if (this.state === 'over') return;
    this.gathering.end('stopped');
    // Wipes what it holds; somebody who is finishing it finds it stopped.
    this.gathering.result();
    this.close();
  }

  private hear(event: AnalysisEvent): void {
    this.gathering.take(event);
    if (!this.gathering.goesOn()) this.end('failed');
    else if (event.kind === 'progress') {
      const { alreadyMs, policy } = this.speaker;
      const refusals = event.netSpeechMs < hintsFromMs ? [] : qualityRefusals(event.quality, policy);
      const netSpeechMs = alreadyMs + event.netSpeechMs;
      this.news.progress({
        positionMs: event.positionMs,
        netSpeechMs,
        hints: refusals.map(({ code }) => code),
      });
    } else if (
      this.speaker.alreadyMs + this.gathering.netSpeechMs >=
      this.speaker.policy.enrolment.minNetSpeechMs
    )
      this.enough();
  }

  private enough(): void {
    if (this.saidEnough || this.state !== 'open') return;
    this.saidEnough = true;
    this.news.enough();
  }

  /** `stopped`: consent was withdrawn, or the voice erased. It ends here, whatever was said. */
  end(how: 'stopped' | 'failed'): void {
    if (this.state === 'over') return;
    this.gathering.end(how);
    const wasOpen = this.state === 'open';
    this.stream.close();
    // Who is finishing it finds out there.
    if (!wasOpen) return;
    this.gathering.result();
    this.close();
    this.why(how).then(
      (outcome) => {
        this.news.ended(outcome);
      },
      () => {
        this.news.ended({ kind: 'failed' });
      },
    );
  }

  private async why(how: 'stopped' | 'failed'): Promise<StreamOutcome> {
    return how === 'failed' ? { kind: how } : whyStopped(this.voiceprints, this.speaker.owner);
  }

  private close(): void {
    this.state = 'over';
    this.stream.close();
    this.release();
  }
}
