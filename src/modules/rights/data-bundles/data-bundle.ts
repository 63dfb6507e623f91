import type { CallId } from '../../../core/ids.js';
import type { ControllerDetails } from '../../../core/privacy/controller-details.js';
import type { RecordedActivity } from '../../../core/privacy/processing-record.js';
import type { PackId, RequestKind } from '../../../core/privacy/packs/pack.js';
import type { ObjectionScope, RequestState } from '../../../core/privacy/requests/request.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { ReasonCode, Severity } from '../../../core/risk/risk-reason.js';
import type { VerificationReason, VerificationState } from '../../../core/speaker/verification.js';
import type { ConsentView } from '../../people/consents/consent-view.js';
import type { CustomerView } from '../../people/customers/customer-view.js';
import type {
  HeldEnrolmentView,
  PendingEnrolmentView,
  VoiceprintStatusView,
} from '../../people/voiceprints/voiceprint-status.js';

/** Everything about one person that may be handed to them (GDPR Art. 15, 20): never a vector, audio or somebody else's data. */
export interface DataBundle {
  readonly format: 'timbre-data-bundle';
  readonly version: 1;
  readonly at: string;
  readonly business: Pick<
    ControllerDetails,
    'controller' | 'dataProtectionOfficer' | 'recipients' | 'transfers'
  > & {
    readonly name: string;
  };
  readonly laws: readonly { readonly packId: PackId; readonly name: string; readonly citation: string }[];
  readonly customer: CustomerView;
  /** Described, with dates and reasons; those that have ended too. */
  readonly voiceprints: readonly VoiceprintStatusView[];
  readonly pendingEnrolment: PendingEnrolmentView | null;
  readonly heldEnrolments: readonly HeldEnrolmentView[];
  readonly consents: readonly ConsentView[];
  readonly objections: readonly BundleObjection[];
  readonly calls: readonly BundleCall[];
  readonly accountEvents: readonly BundleAccountEvent[];
  readonly flags: readonly BundleFlag[];
  readonly requests: readonly BundleRequest[];
  /** Who did what with the person's data and when, from the audit log. */
  readonly uses: readonly BundleUse[];
  /** What the data is for, on what ground, who sees it, how long it is kept. */
  readonly purposes: readonly RecordedActivity[];
  /** How an automated result comes about (GDPR Art. 15(1)(h)). */
  readonly logic: readonly string[];
  readonly leftOut: readonly string[];
}

export interface BundleObjection {
  readonly kind: 'objection' | 'limit';
  readonly scopes: readonly ObjectionScope[];
  readonly since: string;
  readonly endedAt: string | null;
}

/** A call that was made as this customer; the result is that of the claim, not of anybody named later. */
export interface BundleCall {
  readonly callId: CallId;
  readonly direction: 'inbound' | 'outbound' | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly decision: {
    readonly state: VerificationState;
    readonly reason: VerificationReason;
    readonly inWords: string;
    readonly netSpeechMs: number;
    /** Natural-log likelihood ratio, the customer's voice : another's. */
    readonly llr: number | null;
    readonly acceptLlr: number | null;
    readonly rejectLlr: number | null;
    readonly policyVersion: number | null;
  } | null;
}

export interface BundleAccountEvent {
  readonly callId: CallId;
  readonly kind: string;
  readonly reference: string | null;
  readonly at: string;
}

export interface BundleFlag {
  readonly callId: CallId;
  readonly severity: Severity;
  readonly state: FlagState;
  readonly reasons: readonly { readonly code: ReasonCode; readonly text: string }[];
  readonly raisedAt: string;
  readonly changedAt: string;
}

export interface BundleRequest {
  readonly kind: RequestKind;
  readonly scopes: readonly ObjectionScope[];
  readonly state: RequestState;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly answeredAt: string | null;
  readonly explanation: string | null;
}

export interface BundleUse {
  readonly at: string;
  readonly action: string;
  readonly callId: string | null;
}

export const howResultsComeAbout: readonly string[] = [
  'During a call, speech is compared with the voiceprint. The result is a likelihood ratio: how much better the speech fits the customer’s voice than another’s. Above the acceptance bound the voice counts as the customer’s, below the rejection bound as another’s, and between them nothing is decided.',
  'The bounds come from the business’s policy: what a wrong acceptance and a wrong rejection cost, and how often calls are fraudulent.',
  'A suspicion of fraud (flag) adds up reasons, each with its evidence. It is for people to look at: no flag decides anything about a person by itself, and a voice that was not recognised never ends the service. Other checks are always there.',
];

export const leftOutOfBundle: readonly string[] = [
  'The voiceprint itself: a sealed row of numbers that tells nothing to a reader and could be misused by whoever got hold of it. It is described instead.',
  'Audio: none is kept.',
  'Telephone numbers: only keyed hashes are kept, from which no number can be read.',
  'What is about other people: who reviewed a flag and their notes, and whose voice on a watchlist a call was like.',
];
