import type { ReasonGroup } from './signal.js';
import { signals, type MeasuredSignal, type Signal } from './signals/signals.js';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export type ReasonCode = Signal['code'];

/** What each reason rests on; plain JSON, never a telephone number or a biometric. */
export type ReasonEvidence = {
  [S in Signal as S['code']]: NonNullable<ReturnType<S['find']>>['evidence'];
};

export const signalOf = Object.fromEntries(signals.map((signal) => [signal.code, signal])) as {
  readonly [S in Signal as S['code']]: S;
};

export const groupOf = Object.fromEntries(signals.map(({ code, group }) => [code, group])) as Readonly<
  Record<ReasonCode, ReasonGroup>
>;

export interface ReasonOf<Code extends ReasonCode> {
  readonly code: Code;
  readonly group: ReasonGroup;
  /** Natural-log likelihood ratio, fraud : no fraud; never negative. */
  readonly weightNats: number;
  /** In words that a person can check against the evidence. */
  readonly text: string;
  readonly evidence: ReasonEvidence[Code];
}

/** A reason as it was weighed. */
export type WeighedReason = { [Code in ReasonCode]: ReasonOf<Code> }[ReasonCode];

export type MeasuredCode = MeasuredSignal['code'];

/** What may be left of what was measured of a voice. */
export type LeftOfEvidence = {
  [S in MeasuredSignal as S['code']]: ReturnType<S['measured']['left']>;
};

/** The person's word that ended it. */
export interface Destruction {
  readonly because: 'consent-withdrawn' | 'objected';
  /** When they said so. */
  readonly at: string;
}

export interface DestroyedReasonOf<Code extends MeasuredCode> {
  readonly code: Code;
  readonly group: ReasonGroup;
  readonly weightNats: null;
  readonly text: string;
  readonly evidence: LeftOfEvidence[Code];
  readonly destroyed: Destruction;
}

export type DestroyedReason = { [Code in MeasuredCode]: DestroyedReasonOf<Code> }[MeasuredCode];

/** A reason as it stands on a flag. */
export type RiskReason = WeighedReason | DestroyedReason;
