/** The seven things an agent can see (shared/design/decisions.md), each with its reason in words and the step to take. */
export type AgentState =
  | 'verified'
  | 'not-verified'
  | 'not-sure-yet'
  | 'not-enrolled'
  | 'no-voice-check'
  | 'voiceprint-expired'
  | 'high-risk';

export interface AgentView {
  readonly state: AgentState;
  readonly title: string;
  readonly reason: string;
  readonly nextStep: string;
  /** Net speech collected of what a decision needs; null when no speech is being collected. */
  readonly progress: { readonly netSpeechMs: number; readonly neededMs: number } | null;
}
