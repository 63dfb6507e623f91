import type { VerificationState } from '../../speaker/verification.js';
import type { AccountEventKind } from '../account-event-kind.js';
import type { Found, RiskSignal } from '../signal.js';

/** How the voice check stood while something was done on the account; accepted is no reason. */
export type UnverifiedState = Exclude<VerificationState, 'accepted'>;

export interface UnverifiedAction {
  readonly accountEventId: string;
  readonly kind: AccountEventKind;
  readonly at: string;
  readonly verificationState: UnverifiedState;
}

export interface SensitiveAction {
  readonly actions: readonly UnverifiedAction[];
}

/** Something sensitive was done, by how far the voice check had come. */
const defaultWeightsNats = {
  sensitiveAction: {
    afterRejection: 1.5,
    undecided: 1,
    // Somebody who had the customer's voice replaced wants just this.
    whileCoolingOff: 2.5,
    // No voice check is possible (consent, enrolment): what every such customer does, so little or nothing.
    withoutVoiceCheck: 0,
  },
};
type VoiceCheck = keyof typeof defaultWeightsNats.sensitiveAction;

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
  'cooling-off': 'whileCoolingOff',
  expired: 'withoutVoiceCheck',
};

const actionWords: Readonly<Record<AccountEventKind, string>> = {
  'plain-access': 'Access to the account',
  'address-change': 'Address change',
  payout: 'Payout',
  'credential-reset': 'Credential reset',
  'limit-change': 'Limit change',
  'device-change': 'Device change',
  'failed-knowledge-check': 'Failed knowledge check',
};

/** A customer whose voice cannot be checked is no suspect: the words say what is missing, not that something is wrong. */
const stateWords: Readonly<Record<UnverifiedState, string>> = {
  rejected: "after the voice was found not to be the customer's",
  inconclusive: 'while the voice check had come to no decision',
  collecting: 'before the voice check had enough speech to decide',
  'not-claimed': 'before any customer was named for the call',
  'no-consent': 'not verified by voice (no consent for it): other checks needed',
  'opted-out': 'not verified by voice (the customer opted out): other checks needed',
  'not-enrolled': 'not verified by voice (not enrolled): other checks needed',
  'enrolment-incomplete': 'not verified by voice (enrolment not complete): other checks needed',
  'cooling-off': 'shortly after the voiceprint was replaced, before it vouches for anybody',
  expired: 'not verified by voice (voiceprint expired): other checks needed',
};

export const sensitiveAction = {
  code: 'sensitive-action',
  group: 'account-activity',
  defaultWeightsNats,

  find(
    {
      accountEvents,
      verification: { state },
    }: {
      /** Done on the account just now, while the verification stood as given. */
      readonly accountEvents: readonly Omit<UnverifiedAction, 'verificationState'>[];
      readonly verification: { readonly state: VerificationState };
    },
    {
      sensitiveActions,
      weightsNats,
    }: {
      readonly sensitiveActions: readonly AccountEventKind[];
      readonly weightsNats: { readonly sensitiveAction: Readonly<Record<VoiceCheck, number>> };
    },
  ): Found<SensitiveAction> | undefined {
    if (state === 'accepted') return undefined;
    const sensitive = accountEvents.filter(({ kind }) => sensitiveActions.includes(kind));
    if (sensitive.length === 0) return undefined;
    const actions = sensitive.map(({ accountEventId, kind, at }) => ({
      accountEventId,
      kind,
      at,
      verificationState: state,
    }));
    return { weightNats: weightsNats.sensitiveAction[voiceCheckOf[state]], evidence: inOrder(actions) };
  },

  text: ({ actions }: SensitiveAction) =>
    actions
      .map(
        ({ kind, at, verificationState }) =>
          `${actionWords[kind]} at ${at}, ${stateWords[verificationState]}.`,
      )
      .join(' '),
  agentText: 'Something sensitive was asked for without a verified voice.',
  german: 'Heikle Vorgänge ohne bestandene Stimmprüfung.',
  measured: null,
} as const satisfies RiskSignal<'sensitive-action', SensitiveAction, never>;

/** Every action stays visible, each with how the voice check stood then; the weightiest moment counts, once. */
export function mergedActions(
  earlier: Found<SensitiveAction>,
  later: Found<SensitiveAction>,
): Found<SensitiveAction> | undefined {
  const known = new Set(earlier.evidence.actions.map(({ accountEventId }) => accountEventId));
  const added = later.evidence.actions.filter(({ accountEventId }) => !known.has(accountEventId));
  if (added.length === 0) return undefined;
  return {
    weightNats: Math.max(earlier.weightNats, later.weightNats),
    evidence: inOrder([...earlier.evidence.actions, ...added]),
  };
}

function inOrder(actions: readonly UnverifiedAction[]): SensitiveAction {
  return {
    actions: [...actions].sort(
      (a, b) => a.at.localeCompare(b.at) || a.accountEventId.localeCompare(b.accountEventId),
    ),
  };
}
