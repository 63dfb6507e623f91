import { LiveEnrolment } from '../../../core/calls/live-enrolment.js';
import { LiveMigration } from '../../../core/calls/live-migration.js';
import { LiveScreening } from '../../../core/watchlist/live-screening.js';
import type { CallSegment } from './call-analysis.js';

export interface GatheredNews {
  onEnrolmentComplete(): void;
  /** There is more of the voice to hold against watchlists. */
  onScreenedSegment?(): void;
}

/** What a call gathers of its voice beside verifying it: for an enrolment, for a voiceprint of the current model, for watchlists. */
export class GatheredSpeech {
  readonly migration = new LiveMigration();
  readonly screening = new LiveScreening();
  private enrolling: LiveEnrolment | null = null;
  /** Time in the call of the last caller change that screening knows of. */
  private screenedSinceMs: number | null = null;

  constructor(
    private readonly currentModelId: string,
    private readonly news: GatheredNews,
  ) {}

  get enrolment(): LiveEnrolment | null {
    return this.enrolling;
  }

  startEnrolment(neededMs: number): LiveEnrolment {
    this.enrolling = new LiveEnrolment(neededMs);
    return this.enrolling;
  }

  endEnrolment(): void {
    this.enrolling?.forget();
    this.enrolling = null;
  }

  /** Of which embeddings are wanted: enrolment, migration and screening are of the current model. */
  get wantedModelId(): string | null {
    const wantsCurrent = this.enrolling !== null || this.screening.isWanted;
    return wantsCurrent ? this.currentModelId : this.migration.wantedModelId;
  }

  /** True when migration took the segment: it may have enough now. */
  add(segment: CallSegment): boolean {
    const { modelId, embedding, quality, startMs, endMs, newNetSpeechMs: netSpeechMs } = segment;
    if (modelId === this.currentModelId) {
      const gathered = { embedding: embedding.slice(), netSpeechMs };
      if (this.enrolling?.add(gathered, quality)) this.news.onEnrolmentComplete();
      if (this.screening.add({ ...gathered, startMs, endMs }, quality)) this.news.onScreenedSegment?.();
    }
    if (modelId !== this.migration.wantedModelId) return false;
    this.migration.add(modelId, { embedding, netSpeechMs }, quality);
    return true;
  }

  /** Another voice took over: it is held against the lists by itself. */
  callerChanged(atMs: number): void {
    if (atMs === this.screenedSinceMs) return;
    this.screenedSinceMs = atMs;
    this.screening.forget();
  }

  /** Another voice is in the caller's channel for the rest of the call: it would be enrolled and screened too. */
  bar(): void {
    this.endEnrolment();
    this.screening.admit(null);
    this.migration.bar();
  }

  forget(): void {
    this.endEnrolment();
    this.migration.forget();
    this.screening.forget();
  }
}
