import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';
import type { GateClosedReason } from '../privacy/gate.js';
import type { Ruling } from '../privacy/packs/pack.js';
import type { AcceptanceBounds } from '../speaker/acceptance.js';

/** The voiceprint is of a model on its way out; under the same consent this speech may become one of the current model. */
export interface MigrationOffer {
  readonly toModelId: string;
  /** Net speech still missing, earlier calls' taken into account. */
  readonly neededMs: number;
  /** How things stood when this was offered: storing asks whether they stand so still. */
  readonly ticket: { readonly consentId: ConsentId; readonly erasures: number };
}

/** All that a live call needs of the customer it is claimed for, loaded when the claim is made and again when it changes. */
export type ClaimContext = {
  readonly customerId: CustomerId;
  /** The rule of the legal pack by which the voice may be processed, or may not. */
  readonly decidedBy?: Ruling;
} & (
  | {
      readonly kind: 'no-consent';
      readonly reason: Exclude<GateClosedReason, 'consent-withdrawn' | 'objected'>;
    }
  | { readonly kind: 'opted-out'; readonly reason?: 'consent-withdrawn' | 'objected' }
  | {
      readonly kind: 'not-enrolled';
      /** A voiceprint made in this very call must not vouch for the caller who made it. */
      readonly reason?: 'voiceprint-missing' | 'enrolled-in-this-call';
    }
  | { readonly kind: 'enrolment-incomplete'; readonly netSpeechMs: number; readonly neededMs: number }
  /** The voiceprint took another's place too lately to vouch for anybody (policy, `coolingOffHours`): nothing is compared. */
  | { readonly kind: 'cooling-off'; readonly vouchesFromMs: number }
  | { readonly kind: 'expired'; readonly reason: 'voiceprint-past-retention' | 'voiceprint-of-other-model' }
  | {
      readonly kind: 'ready';
      readonly consentId: ConsentId;
      /** The earlier of consent's end and the voiceprint's expiry: past it the call is no longer processed. */
      readonly validUntilMs: number;
      readonly voiceprintId: VoiceprintId;
      readonly voiceprint: Float32Array;
      /** Of the voiceprint: a voice is compared within one model only. */
      readonly modelId: string;
      readonly migration?: MigrationOffer;
      /** Net speech that the voiceprint was made of. */
      readonly netSpeechMs: number;
      /** The tenant's own mean voice; without one, the model's. */
      readonly centre?: Float32Array;
      readonly meanVoiceVersion?: number;
      /** From the tenant's own callers; absent until enough of them were measured. */
      readonly acceptance?: AcceptanceBounds;
    }
);
