import type { CallId, ConsentId, TokenId, VoiceprintId } from '../../../core/ids.js';
import type { GateClosedReason, GateDecision } from '../../../core/privacy/gate.js';
import type { Ruling } from '../../../core/privacy/packs/pack.js';
import type { EnrolmentRefusal, EnrolmentStretch } from '../../../core/speaker/enrolment.js';
import type { ReplacementRefusalCode } from '../../../core/speaker/replacement.js';
import type { RecordingNote } from './recording.js';
import type { Reenrolment } from './reenrolment.js';
import type { StretchSource } from './voiceprint.entity.js';

/** How things stood when the gate opened: a withdrawal or erasure since then drops the speech, whatever was agreed after it. */
export interface EnrolmentTicket {
  readonly consentId: ConsentId;
  readonly erasures: number;
}

export type EnrolmentGate =
  | (Extract<GateDecision, { kind: 'open' }> & { readonly ticket: EnrolmentTicket })
  | Extract<GateDecision, { kind: 'closed' }>;

/** Speech of one upload or call, offered towards the customer's enrolment. */
export interface OfferedStretch extends EnrolmentStretch {
  readonly source: StretchSource;
  readonly callId?: CallId;
  /** Who offers it; on the customer's own page, whose link they came with. */
  readonly by?: TokenId;
  readonly again?: Reenrolment;
  /** Of the gate that let the speech be analysed. */
  readonly ticket?: EnrolmentTicket;
}

/** `superseded`: the voiceprint to be followed is no longer in force, another call or an enrolment was quicker. */
export type MigrationOutcome = EnrolmentOutcome | { readonly kind: 'superseded' };

export type EnrolmentOutcome =
  | {
      readonly kind: 'enrolled';
      readonly voiceprintId: VoiceprintId;
      readonly netSpeechMs: number;
      /** From when on calls are compared with it: later than now where it took another's place. */
      readonly vouchesFrom: string;
      readonly expiresAt: string;
      readonly notes?: readonly RecordingNote[];
    }
  | {
      readonly kind: 'incomplete';
      readonly netSpeechMs: number;
      readonly neededMs: number;
      readonly keptUntil: string;
      readonly notes?: readonly RecordingNote[];
    }
  /** It may not replace the voiceprint in force just so: a second person releases or discards it. */
  | {
      readonly kind: 'held';
      readonly heldId: string;
      readonly because: ReplacementRefusalCode;
      readonly netSpeechMs: number;
      readonly keptUntil: string;
      readonly notes?: readonly RecordingNote[];
    }
  | { readonly kind: 'refused'; readonly reasons: readonly EnrolmentRefusal[] }
  | { readonly kind: 'no-consent'; readonly reason: GateClosedReason; readonly decidedBy: Ruling }
  /** The customer's voice data was erased while this speech was being analysed. */
  | { readonly kind: 'erased' };
