import type { VoiceprintId } from '../ids.js';
import type { EnrolmentSegment, EnrolmentStretch } from '../speaker/enrolment.js';
import type { VerificationState } from '../speaker/verification.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import type { ClaimContext, MigrationOffer } from './claim-context.js';
import { LiveEnrolment } from './live-enrolment.js';

/** Speech of a verified caller towards a voiceprint of the current model. */
export interface MigratedSpeech {
  readonly stretch: EnrolmentStretch;
  /** The voiceprint that the call was verified against. */
  readonly from: VoiceprintId;
  readonly ticket: MigrationOffer['ticket'];
}

/**
 * Gathers one call's speech for the model that is to follow its voiceprint's. It becomes anything only when the call ends
 * accepted; whatever put the caller in doubt on the way bars it for the whole call.
 */
export class LiveMigration {
  private under: { readonly from: VoiceprintId; readonly offer: MigrationOffer } | null = null;
  private gathered: LiveEnrolment | null = null;
  private barred = false;

  /** What holds of the customer now; speech gathered under something else is destroyed. */
  apply(context: ClaimContext | null): void {
    const offer = context?.kind === 'ready' && !this.barred ? context.migration : undefined;
    if (context?.kind !== 'ready' || offer === undefined) {
      this.forget();
      return;
    }
    if (this.under?.from === context.voiceprintId && this.under.offer.toModelId === offer.toModelId) return;
    this.forget();
    this.under = { from: context.voiceprintId, offer };
    this.gathered = new LiveEnrolment(offer.neededMs);
  }

  /** The model whose embeddings are still wanted. */
  get wantedModelId(): string | null {
    return this.under && this.gathered && !this.gathered.isComplete ? this.under.offer.toModelId : null;
  }

  add(modelId: string, segment: EnrolmentSegment, quality: SignalQuality): void {
    if (modelId !== this.wantedModelId) return;
    this.gathered?.add({ ...segment, embedding: segment.embedding.slice() }, quality);
  }

  /** Rejected, flagged, or named anew: a voice that was in doubt once makes no voiceprint in this call. */
  bar(): void {
    this.barred = true;
    this.forget();
  }

  /** What a call that ends like this leaves, once. */
  take(state: VerificationState): MigratedSpeech | null {
    const { under, gathered } = this;
    const stretch = under && state === 'accepted' ? gathered?.take() : null;
    this.forget();
    return under && stretch ? { stretch, from: under.from, ticket: under.offer.ticket } : null;
  }

  forget(): void {
    this.gathered?.forget();
    this.gathered = null;
    this.under = null;
  }
}
