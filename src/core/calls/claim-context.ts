import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';

/** All that a live call needs of the customer it is claimed for, loaded when the claim is made and again when it changes. */
export type ClaimContext = { readonly customerId: CustomerId } & (
  | { readonly kind: 'no-consent'; readonly reason: 'consent-missing' | 'consent-expired' }
  | { readonly kind: 'opted-out' }
  | {
      readonly kind: 'not-enrolled';
      /** A voiceprint made in this very call must not vouch for the caller who made it. */
      readonly reason?: 'voiceprint-missing' | 'enrolled-in-this-call';
    }
  | { readonly kind: 'enrolment-incomplete'; readonly netSpeechMs: number; readonly neededMs: number }
  | { readonly kind: 'expired'; readonly reason: 'voiceprint-past-retention' | 'voiceprint-of-other-model' }
  | {
      readonly kind: 'ready';
      readonly consentId: ConsentId;
      /** The earlier of consent's end and the voiceprint's expiry: past it the call is no longer processed. */
      readonly validUntilMs: number;
      readonly voiceprintId: VoiceprintId;
      readonly voiceprint: Float32Array;
    }
);
