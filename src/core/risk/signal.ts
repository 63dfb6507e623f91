import type { Purpose } from '../privacy/consent.js';

/** Reasons of one group may depend on each other, so they are not summed at full weight. */
export type ReasonGroup = 'voice' | 'account-activity' | 'knowledge' | 'number';

/** Nats for each part of a reason that a policy weighs, by the policy's own names (risk.weightsNats). */
export type SignalWeights = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/**
 * All that has to be known of one risk signal, in one file of signals/; signals/signals.ts lists them.
 */
export interface RiskSignal<Code extends string, Evidence, Left> {
  readonly code: Code;
  readonly group: ReasonGroup;
  /** Set by judgement, until reviews of flags give the counts; the policy overrides them. */
  readonly defaultWeightsNats: SignalWeights;
  /** What it weighs and rests on; undefined: it has nothing to say. Each file names of input and policy what it looks at. */
  readonly find: (input: never, risk: never) => Found<Evidence> | undefined;
  /** For the fraud team: words that a person can check against the evidence. */
  readonly text: (evidence: Evidence) => string;
  /** In an agent's words: what it is, not how much it weighs. */
  readonly agentText: string;
  /** In the German copy of a person's data. */
  readonly german: string;
  /** Of what was measured of a voice; null: it is no measurement. */
  readonly measured: Measured<Evidence, Left> | null;
}

export interface Measured<Evidence, Left> {
  /** What it was measured for: without any of it, what was measured is destroyed. */
  readonly madeFor: readonly Purpose[];
  /** What may be left then: that it was found, without how far or where. */
  readonly left: (evidence: Evidence) => Left;
  readonly leftText: (left: Left) => string;
  /** It moves with every second of speech, so that only a change of the policy's growthNats counts. */
  readonly movesWithSpeech: boolean;
}

/** What a signal found. */
export interface Found<Evidence> {
  /** Natural-log likelihood ratio, fraud : no fraud; never negative. */
  readonly weightNats: number;
  readonly evidence: Evidence;
}

export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
