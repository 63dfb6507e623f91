import { accountVelocity } from './account-velocity.js';
import { attestationFailed } from './attestation-failed.js';
import { attestationMissing } from './attestation-missing.js';
import { callerChanged } from './caller-changed.js';
import { failedKnowledgeChecks } from './failed-knowledge-checks.js';
import { numberNewForCustomer } from './number-new-for-customer.js';
import { numberVelocity } from './number-velocity.js';
import { replacementHeld } from './replacement-held.js';
import { sensitiveAction } from './sensitive-action.js';
import { voiceMismatch } from './voice-mismatch.js';
import { watchlistMatch } from './watchlist-match.js';

/** Every risk signal; codes, evidence, groups, weights and words follow from this list. */
export const signals = [
  voiceMismatch,
  watchlistMatch,
  callerChanged,
  sensitiveAction,
  accountVelocity,
  failedKnowledgeChecks,
  numberVelocity,
  numberNewForCustomer,
  attestationMissing,
  attestationFailed,
  replacementHeld,
] as const;
export type Signal = (typeof signals)[number];
/** Those that measure a voice. */
export type MeasuredSignal = Exclude<Signal, { readonly measured: null }>;
