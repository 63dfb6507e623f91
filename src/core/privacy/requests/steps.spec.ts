import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RequestFacts, RequestState } from './request.js';
import { takeStep, type Step, type StepOutcome } from './steps.js';

const day = 86_400_000;
const receivedMs = Date.UTC(2026, 2, 2, 9);

function aRequest(more: Partial<RequestFacts> = {}): RequestFacts {
  return {
    kind: 'access',
    state: 'received',
    receivedMs,
    changedMs: receivedMs,
    dueMs: receivedMs + 30 * day,
    extendableToMs: receivedMs + 90 * day,
    extendedMs: null,
    confirmReceiptByMs: null,
    receiptConfirmedMs: null,
    releasedMs: null,
    ...more,
  };
}

const take = (facts: RequestFacts, step: Step, afterDays = 1): StepOutcome =>
  takeStep(facts, step, receivedMs + afterDays * day);
const stateAfter = (facts: RequestFacts, ...steps: Step[]): RequestState =>
  steps.reduce((now, step) => {
    const outcome = take(now, step);
    if (outcome.kind === 'refused') throw new Error(outcome.why);
    return outcome.facts;
  }, facts).state;

const passed = { kind: 'check-identity', passed: true } as const;
const failed = { kind: 'check-identity', passed: false } as const;

describe('a request', () => {
  it('goes from received over identity checked and in progress to fulfilled', () => {
    const states = [passed, { kind: 'start' }, { kind: 'release' }, { kind: 'fulfil' }] as const;
    expect(states.map((_, index) => stateAfter(aRequest(), ...states.slice(0, index + 1)))).toEqual([
      'identity-checked',
      'in-progress',
      'in-progress',
      'fulfilled',
    ]);
  });

  it('is worked on from the moment its bundle is handed out', () => {
    expect(stateAfter(aRequest(), passed, { kind: 'release' })).toBe('in-progress');
  });

  it('stays received when the identity check was not passed, and can be checked again', () => {
    expect(stateAfter(aRequest(), failed)).toBe('received');
    expect(stateAfter(aRequest(), failed, passed)).toBe('identity-checked');
  });

  it('can be refused at any time before its answer', () => {
    for (const state of ['received', 'identity-checked', 'in-progress'] as const)
      expect(stateAfter(aRequest({ state }), { kind: 'refuse' })).toBe('refused');
  });

  it.each(['objection', 'limit'] as const)('to %s is carried out without an identity check', (kind) => {
    expect(stateAfter(aRequest({ kind }), { kind: 'fulfil' })).toBe('fulfilled');
  });

  it('that was refused is worked on again when an appeal was granted, by a new date', () => {
    const reopened = take(aRequest({ state: 'refused', extendedMs: receivedMs }), {
      kind: 'reopen',
      dueMs: receivedMs + 40 * day,
    });
    expect(reopened).toMatchObject({
      facts: { state: 'in-progress', dueMs: receivedMs + 40 * day, extendedMs: null, extendableToMs: null },
    });
  });

  it('extended has the later date', () => {
    const extended = take(aRequest(), { kind: 'extend' });
    expect(extended).toMatchObject({
      facts: { dueMs: receivedMs + 90 * day, extendedMs: receivedMs + day },
    });
  });
});

describe('what a request does not allow', () => {
  const answeredByBundle = aRequest({ state: 'in-progress' });
  it.each<[string, RequestFacts, Step, string]>([
    ['releasing before the identity check', aRequest(), { kind: 'release' }, 'identity-not-checked'],
    ['starting before the identity check', aRequest(), { kind: 'start' }, 'identity-not-checked'],
    [
      'erasing before the identity check',
      aRequest({ kind: 'erasure' }),
      { kind: 'fulfil' },
      'identity-not-checked',
    ],
    [
      'a bundle for an erasure',
      aRequest({ kind: 'erasure', state: 'in-progress' }),
      { kind: 'release' },
      'nothing-to-release',
    ],
    ['an answer to access without the bundle', answeredByBundle, { kind: 'fulfil' }, 'not-released'],
    [
      'a second extension',
      aRequest({ extendedMs: receivedMs, dueMs: receivedMs + 90 * day }),
      { kind: 'extend' },
      'already-extended',
    ],
    [
      'an extension that a pack forbids',
      aRequest({ extendableToMs: null }),
      { kind: 'extend' },
      'extension-not-allowed',
    ],
    [
      'an extension once it is late',
      aRequest({ dueMs: receivedMs }),
      { kind: 'extend' },
      'too-late-to-extend',
    ],
    [
      'a second confirmation of receipt',
      aRequest({ receiptConfirmedMs: receivedMs }),
      { kind: 'confirm-receipt' },
      'receipt-already-confirmed',
    ],
    [
      'a second identity check',
      aRequest({ state: 'identity-checked' }),
      { kind: 'check-identity', passed: false },
      'identity-already-checked',
    ],
    ['starting twice', aRequest({ state: 'in-progress' }), { kind: 'start' }, 'already-started'],
    ['refusing what is fulfilled', aRequest({ state: 'fulfilled' }), { kind: 'refuse' }, 'already-answered'],
    ['fulfilling what is refused', aRequest({ state: 'refused' }), { kind: 'fulfil' }, 'already-answered'],
    [
      'reopening what was not refused',
      aRequest({ state: 'fulfilled' }),
      { kind: 'reopen', dueMs: 0 },
      'not-refused',
    ],
  ])('is %s', (_, facts, step, why) => {
    expect(take(facts, step)).toEqual({ kind: 'refused', why });
  });

  it('is any step before the last one: the clock was set back', () => {
    const facts = aRequest({ changedMs: receivedMs + 2 * day });
    expect(take(facts, { kind: 'refuse' }, 1)).toEqual({ kind: 'refused', why: 'clock-set-back' });
  });
});

it('never hands out, changes or erases anything before somebody’s identity was checked, whatever is tried in whatever order', () => {
  const steps: Step[] = [
    { kind: 'confirm-receipt' },
    failed,
    { kind: 'start' },
    { kind: 'release' },
    { kind: 'extend' },
    { kind: 'fulfil' },
  ];
  const kinds = ['access', 'portability', 'correction', 'erasure', 'appeal'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(fc.constantFrom(...steps)), (kind, tried) => {
      const after = tried.reduce((facts, step) => {
        const outcome = take(facts, step);
        return outcome.kind === 'done' ? outcome.facts : facts;
      }, aRequest({ kind }));
      expect(after).toMatchObject({ state: 'received', releasedMs: null });
    }),
  );
});
