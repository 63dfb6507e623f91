import type {
  CallId,
  CustomerId,
  FlagId,
  RequestId,
  TenantId,
  TokenId,
  WatchlistEntryId,
  WatchlistId,
} from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import type { ObjectionScope } from '../../../core/privacy/requests/request.js';

/** What a fact may be of, and by what it is named. */
interface Subjects {
  readonly customer: CustomerId;
  readonly policy: string;
  readonly 'mean-voice': string;
  readonly accuracy: string;
  readonly token: TokenId;
  readonly 'telephony-credential': string;
  readonly notice: string;
  readonly 'consent-signer': string;
  readonly watchlist: WatchlistId;
  readonly 'watchlist-entry': WatchlistEntryId;
  readonly 'retention-run': string;
  readonly 'legal-hold': string;
  readonly flag: FlagId;
  readonly 'flag-list': TenantId;
  readonly request: RequestId;
  readonly key: TenantId;
  readonly audit: TenantId;
}

/** Whole numbers, ids and words of Timbre's own: never a biometric, a phone number, a secret, or what somebody typed about a person. */
export type FactDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** `Says`: what readers may rely on beside the subject. */
interface Of<Kind extends keyof Subjects, Says = FactDetails, InCall = CallId | undefined> {
  readonly subject: { readonly kind: Kind; readonly id: Subjects[Kind] };
  readonly says: Says;
  readonly callId: InCall;
}
interface OfRequest {
  readonly customerId: CustomerId;
  readonly kind: string;
}

/** Everything that can happen, with what it happens to. A new one needs words in docs/privacy-ledger.md and in the person's bundle. */
interface FactKinds {
  readonly 'voiceprint-used': Of<'customer'>;
  readonly 'voiceprint-enrolled': Of<'customer'>;
  readonly 'voiceprint-replacement-refused': Of<'customer'>;
  readonly 'enrolment-held': Of<'customer', { readonly heldId: string; readonly because: string }>;
  readonly 'held-enrolment-discarded': Of<'customer'>;
  readonly 'voiceprint-revoked': Of<'customer'>;
  readonly 'voiceprint-expired': Of<'customer'>;
  readonly 'call-claimed': Of<'customer', FactDetails, CallId>;
  readonly 'verification-decided': Of<'customer'>;
  readonly 'voice-forgotten': Of<'customer'>;
  readonly 'enrolment-speech-kept': Of<'customer'>;
  readonly 'watchlist-screened': Of<'customer'>;
  readonly 'flag-raised': Of<'flag', FactDetails, CallId>;
  readonly 'flag-grew': Of<'flag', FactDetails, CallId>;
  readonly 'flag-customer-named': Of<'flag', FactDetails, CallId>;
  readonly 'flag-measurements-destroyed': Of<'flag', FactDetails, CallId>;
  readonly 'flag-reviewed': Of<'flag', FactDetails, CallId>;
  readonly 'flag-list-exported': Of<'flag-list'>;
  readonly 'account-reference-seen': Of<'customer'>;
  readonly 'consent-granted': Of<'customer'>;
  readonly 'consent-withdrawn': Of<'customer', { readonly purposes: readonly Purpose[] }>;
  readonly 'notice-added': Of<'notice', { readonly asksAgain: boolean }>;
  readonly 'residence-changed': Of<'customer'>;
  readonly 'retention-swept': Of<'retention-run'>;
  readonly 'legal-hold-placed': Of<'legal-hold'>;
  readonly 'legal-hold-released': Of<'legal-hold'>;
  readonly 'consent-signer-added': Of<'consent-signer'>;
  readonly 'consent-signer-revoked': Of<'consent-signer'>;
  readonly 'policy-changed': Of<'policy'>;
  readonly 'mean-voice-changed': Of<'mean-voice'>;
  readonly 'mean-voice-far': Of<'mean-voice'>;
  readonly 'own-callers-measured': Of<'accuracy'>;
  readonly 'acceptance-bounds-changed': Of<'accuracy'>;
  readonly 'token-created': Of<'token'>;
  readonly 'token-revoked': Of<'token'>;
  readonly 'telephony-credential-added': Of<'telephony-credential'>;
  readonly 'telephony-credential-revoked': Of<'telephony-credential'>;
  readonly 'watchlist-created': Of<'watchlist'>;
  readonly 'watchlist-reviewed': Of<'watchlist'>;
  readonly 'watchlist-closed': Of<'watchlist'>;
  readonly 'watchlist-entry-added': Of<'watchlist-entry', { readonly listId: WatchlistId }>;
  readonly 'watchlist-entry-expired': Of<'watchlist-entry', { readonly listId: WatchlistId }>;
  readonly 'watchlist-entry-erased': Of<'watchlist-entry', { readonly listId: WatchlistId }>;
  readonly 'self-service-link-issued': Of<'customer'>;
  readonly 'self-service-link-refused': Of<'customer'>;
  readonly 'self-service-opened': Of<'customer'>;
  readonly 'self-service-used': Of<'customer'>;
  readonly 'customer-erased': Of<'customer'>;
  readonly 'request-received': Of<'request', OfRequest & { readonly scopes: readonly ObjectionScope[] }>;
  readonly 'request-confirmed': Of<'request', OfRequest>;
  readonly 'request-identity-checked': Of<'request', OfRequest>;
  readonly 'request-started': Of<'request', OfRequest>;
  readonly 'request-extended': Of<'request', OfRequest>;
  readonly 'request-reminder': Of<'request', OfRequest>;
  readonly 'request-fulfilled': Of<'request', OfRequest>;
  readonly 'request-refused': Of<'request', OfRequest>;
  readonly 'request-reopened': Of<'request', OfRequest>;
  readonly 'objection-taken-back': Of<'request', OfRequest & { readonly scopes: readonly ObjectionScope[] }>;
  readonly 'data-bundle-released': Of<'request', OfRequest>;
  readonly 'tenant-key-rotation-begun': Of<'key'>;
  readonly 'tenant-key-rotated': Of<'key'>;
  readonly 'master-key-rotated': Of<'key'>;
  readonly 'previous-master-keys-forgotten': Of<'key'>;
  readonly 'audit-exported': Of<'audit'>;
}

export type FactAction = keyof FactKinds;

export type FactOf<Action extends FactAction> = {
  readonly [A in Action]: {
    readonly action: A;
    /** Null: Timbre itself. */
    readonly by: TokenId | null;
    readonly subject: FactKinds[A]['subject'];
  } & (FactDetails extends FactKinds[A]['says']
    ? { readonly details?: FactDetails }
    : { readonly details: FactKinds[A]['says'] & FactDetails }) &
    (undefined extends FactKinds[A]['callId']
      ? { readonly callId?: CallId }
      : { readonly callId: FactKinds[A]['callId'] });
}[Action];

/** One thing that happened, as whoever does it tells it and whoever reads it hears it. Ids and words only. */
export type Fact = FactOf<FactAction>;

/** A fact in its tenant's chain. */
export type StoredFact = Fact & { readonly tenantId: TenantId; readonly seq: number; readonly at: Date };
