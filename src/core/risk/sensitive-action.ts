import type { AccountEventKind, Policy } from '../policy/policy.js';
import type { VerificationState } from '../speaker/verification.js';
import { sensitiveActionText } from './reason-texts.js';
import { groupOf, type ReasonOf, type UnverifiedAction, type UnverifiedState } from './risk-reason.js';

type VoiceCheck = keyof Policy['risk']['weightsNats']['sensitiveAction'];

/** How far the voice check had come decides what doing something sensitive tells. */
const voiceCheckOf: Readonly<Record<UnverifiedState, VoiceCheck>> = {
  rejected: 'afterRejection',
  inconclusive: 'undecided',
  collecting: 'undecided',
  'not-claimed': 'undecided',
  'no-consent': 'withoutVoiceCheck',
  'opted-out': 'withoutVoiceCheck',
  'not-enrolled': 'withoutVoiceCheck',
  'enrolment-incomplete': 'withoutVoiceCheck',
  expired: 'withoutVoiceCheck',
};

export function sensitiveActionReason(
  events: readonly {
    readonly accountEventId: string;
    readonly kind: AccountEventKind;
    readonly at: string;
  }[],
  state: VerificationState,
  policy: Policy,
): ReasonOf<'sensitive-action'> | undefined {
  if (state === 'accepted') return undefined;
  const sensitive = events.filter(({ kind }) => policy.risk.sensitiveActions.includes(kind));
  if (sensitive.length === 0) return undefined;
  return reasonOfActions(
    sensitive.map(({ accountEventId, kind, at }) => ({ accountEventId, kind, at, verificationState: state })),
    policy.risk.weightsNats.sensitiveAction[voiceCheckOf[state]],
  );
}

/** Every action stays visible, each with how the voice check stood then; the weightiest moment counts, once. */
export function mergeSensitiveActions(
  earlier: ReasonOf<'sensitive-action'>,
  later: ReasonOf<'sensitive-action'>,
): ReasonOf<'sensitive-action'> {
  const known = new Set(earlier.evidence.actions.map(({ accountEventId }) => accountEventId));
  const added = later.evidence.actions.filter(({ accountEventId }) => !known.has(accountEventId));
  if (added.length === 0) return earlier;
  return reasonOfActions(
    [...earlier.evidence.actions, ...added],
    Math.max(earlier.weightNats, later.weightNats),
  );
}

function reasonOfActions(
  actions: readonly UnverifiedAction[],
  weightNats: number,
): ReasonOf<'sensitive-action'> {
  const inOrder = [...actions].sort(
    (a, b) => a.at.localeCompare(b.at) || a.accountEventId.localeCompare(b.accountEventId),
  );
  const evidence = { actions: inOrder };
  const code = 'sensitive-action';
  return { code, group: groupOf[code], weightNats, text: sensitiveActionText(evidence), evidence };
}
