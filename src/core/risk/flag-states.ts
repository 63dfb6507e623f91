export const flagStates = ['open', 'in-review', 'confirmed-fraud', 'false-alarm', 'inconclusive'] as const;
export type FlagState = (typeof flagStates)[number];

export const flagVerdicts = ['confirmed-fraud', 'false-alarm', 'inconclusive'] as const;
export type FlagVerdict = (typeof flagVerdicts)[number];

export const isVerdict = (state: FlagState): state is FlagVerdict =>
  flagVerdicts.some((verdict) => verdict === state);

/** Flags that an agent is told of. */
export const shownToAgents: readonly FlagState[] = ['open', 'in-review', 'confirmed-fraud'];

/**
 * Of a customer who opted out of profiling (59.1-577(A)(5)(iii), 6-1-1306(1)(a)(I)(C), GDPR Art. 21, 22): what Timbre found by itself
 * reaches nobody who deals with the customer until a person of the fraud team has taken it up.
 */
export const shownOnceTakenUp: readonly FlagState[] = ['in-review', 'confirmed-fraud'];

/** docs/decisions.md: a person opens a review, decides, and may reopen; handing back a review is reopening too. */
export const nextFlagStates: Readonly<Record<FlagState, readonly FlagState[]>> = {
  open: ['in-review'],
  'in-review': ['open', 'confirmed-fraud', 'false-alarm', 'inconclusive'],
  'confirmed-fraud': ['open'],
  'false-alarm': ['open'],
  inconclusive: ['open'],
};

/**
 * A verdict is about the evidence the person saw. Something new after it puts a false alarm or an inconclusive review back into
 * the queue; the voice alone growing louder does not, and confirmed fraud stays confirmed whatever comes.
 */
export const stateAfterNewEvidence: Readonly<Record<FlagState, FlagState>> = {
  open: 'open',
  'in-review': 'in-review',
  'confirmed-fraud': 'confirmed-fraud',
  'false-alarm': 'open',
  inconclusive: 'open',
};

export interface FlagReview {
  readonly state?: FlagState | undefined;
  readonly assignee?: string | undefined;
  readonly note?: string | undefined;
}

export type ReviewOutcome =
  | { readonly kind: 'changed'; readonly state: FlagState; readonly assignee: string | null }
  | { readonly kind: 'wrong-transition'; readonly allowed: readonly FlagState[] }
  | { readonly kind: 'missing'; readonly field: 'assignee' | 'note'; readonly expected: string };

/** A new assignee or a note alone is allowed in every state. */
export function reviewFlag(
  flag: { readonly state: FlagState; readonly assignee: string | null },
  review: FlagReview,
): ReviewOutcome {
  const state = review.state ?? flag.state;
  if (state === flag.state) return { kind: 'changed', state, assignee: review.assignee ?? flag.assignee };
  const allowed = nextFlagStates[flag.state];
  if (!allowed.includes(state)) return { kind: 'wrong-transition', allowed };
  const assignee = review.assignee ?? (state === 'open' ? null : flag.assignee);
  if (state === 'in-review' && assignee === null) {
    return { kind: 'missing', field: 'assignee', expected: 'who reviews the flag' };
  }
  if (state !== 'in-review' && review.note === undefined) {
    return { kind: 'missing', field: 'note', expected: `why the flag goes from ${flag.state} to ${state}` };
  }
  return { kind: 'changed', state, assignee };
}
