import { needsIdentity, type RequestFacts, type RequestState } from './request.js';

/** What can be done with a request. `reopen`: an appeal against its refusal was granted. */
export type Step =
  | { readonly kind: 'confirm-receipt' }
  | { readonly kind: 'check-identity'; readonly passed: boolean }
  | { readonly kind: 'start' }
  | { readonly kind: 'release' }
  | { readonly kind: 'extend' }
  | { readonly kind: 'fulfil' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'reopen'; readonly dueMs: number };
export type StepKind = Step['kind'];

export type StepRefusal =
  | 'clock-set-back'
  | 'already-answered'
  | 'not-refused'
  | 'identity-not-checked'
  | 'identity-already-checked'
  | 'receipt-already-confirmed'
  | 'already-extended'
  | 'extension-not-allowed'
  | 'too-late-to-extend'
  | 'already-started'
  | 'nothing-to-release'
  | 'not-released';

export type StepOutcome =
  | { readonly kind: 'done'; readonly facts: RequestFacts }
  | { readonly kind: 'refused'; readonly why: StepRefusal };

type Decide = (facts: RequestFacts, nowMs: number) => Partial<RequestFacts> | StepRefusal;

/** Of which kinds a bundle is the answer. */
const answeredByBundle = new Set<RequestFacts['kind']>(['access', 'portability']);

/** The request after the step, or why the step can't be taken; nothing of it is then done. */
export function takeStep(facts: RequestFacts, step: Step, nowMs: number): StepOutcome {
  const decided = refusalBefore(facts, step.kind, nowMs) ?? decisions[step.kind](facts, nowMs);
  if (typeof decided === 'string') return { kind: 'refused', why: decided };
  const changed = { ...facts, ...decided, ...givenBy(step), changedMs: nowMs };
  return { kind: 'done', facts: changed };
}

/** What holds of every step. */
function refusalBefore(facts: RequestFacts, step: StepKind, nowMs: number): StepRefusal | undefined {
  // A step before the one it follows would put dates out of order: whoever reads them later could not trust any.
  if (nowMs < facts.changedMs) return 'clock-set-back';
  if (step === 'reopen') return facts.state === 'refused' ? undefined : 'not-refused';
  // What was handed out can be handed out again.
  if (step === 'release' && facts.state === 'fulfilled') return undefined;
  return isAnswered(facts.state) ? 'already-answered' : undefined;
}

const decisions: Readonly<Record<StepKind, Decide>> = {
  'confirm-receipt': (facts, nowMs) =>
    facts.receiptConfirmedMs === null ? { receiptConfirmedMs: nowMs } : 'receipt-already-confirmed',
  'check-identity': ({ state }) => (state === 'received' ? {} : 'identity-already-checked'),
  start: (facts) => {
    if (facts.state === 'in-progress') return 'already-started';
    return isIdentified(facts) ? { state: 'in-progress' } : 'identity-not-checked';
  },
  release: (facts, nowMs) => {
    if (!answeredByBundle.has(facts.kind)) return 'nothing-to-release';
    if (!isIdentified(facts)) return 'identity-not-checked';
    const state: RequestState = facts.state === 'identity-checked' ? 'in-progress' : facts.state;
    return { state, releasedMs: facts.releasedMs ?? nowMs };
  },
  extend: (facts, nowMs) => {
    if (facts.extendedMs !== null) return 'already-extended';
    if (facts.extendableToMs === null) return 'extension-not-allowed';
    // The person is told within the first period (GDPR Art. 12(3); 1798.130(a)(2)(A); 59.1-577(B)(1); 6-1-1306(2)(b)).
    if (nowMs > facts.dueMs) return 'too-late-to-extend';
    return { extendedMs: nowMs, dueMs: facts.extendableToMs };
  },
  fulfil: (facts) => {
    if (!isIdentified(facts)) return 'identity-not-checked';
    if (answeredByBundle.has(facts.kind) && facts.releasedMs === null) return 'not-released';
    return { state: 'fulfilled' };
  },
  refuse: () => ({ state: 'refused' }),
  reopen: () => ({ state: 'in-progress' }),
};

/** What the step itself brings. */
function givenBy(step: Step): Partial<RequestFacts> {
  if (step.kind === 'check-identity') return step.passed ? { state: 'identity-checked' } : {};
  if (step.kind === 'reopen') return { dueMs: step.dueMs, extendedMs: null, extendableToMs: null };
  return {};
}

export function isAnswered(state: RequestState): boolean {
  return state === 'fulfilled' || state === 'refused';
}

/** Without it nothing is released, changed or erased. */
function isIdentified({ kind, state }: RequestFacts): boolean {
  return state !== 'received' || !needsIdentity(kind);
}
