import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { iso31661, iso31662 } from 'iso-3166';
import { consentMethods, type ConsentMethod } from '../consent.js';
import {
  judgeAge,
  judgeMethod,
  renewalDueMs,
  requiredConsent,
  requiredNotice,
  withdrawalRule,
} from './basis.js';
import { keepNoLongerThan, publicPolicyRules, type Keeping } from './limits.js';
import { consentKinds, packIds, requestKinds, type PackId, type RequestKind } from './pack.js';
import { addPeriod, dayMs } from './period.js';
import { renderPacks } from './packs-document.js';
import { packs, packsFor } from './registry.js';
import { breachClock, optOutSignalRule, proofMonthsAtLeast, requestClock, rightTo } from './requests.js';
import { judgeGround } from './watchlist.js';

const at = (text: string): number => Date.parse(text);
/** Any rule. */
interface Ruled {
  readonly article: string;
}
const of = (...ids: PackId[]) => ids.map((id) => packs[id]);

describe('who is protected by which packs', () => {
  it.each<[string | null, readonly PackId[]]>([
    ['DE', ['gdpr']],
    ['DE-BY', ['gdpr']],
    ['GB', ['gdpr']],
    ['NO', ['gdpr']],
    ['RE', ['gdpr']],
    ['US-CA', ['ccpa']],
    ['US-VA', ['vcdpa']],
    ['US-CO', ['cpa']],
    ['US-IL', ['bipa']],
    ['US-TX', ['cubi']],
    ['US-NY', []],
    ['CH', []],
    ['US', ['ccpa', 'vcdpa', 'cpa', 'bipa', 'cubi']],
    [null, [...packIds]],
  ])('residence %s: %j', (residence, expected) => {
    expect(packsFor(residence, packIds).map(({ packId }) => packId)).toEqual(expected);
  });

  it('leaves out what is switched off, and adds what binds the tenant everywhere', () => {
    expect(packsFor('US-IL', ['gdpr']).map(({ packId }) => packId)).toEqual([]);
    expect(packsFor(null, ['cubi', 'gdpr']).map(({ packId }) => packId)).toEqual(['gdpr', 'cubi']);
    expect(packsFor('US-IL', packIds, ['gdpr']).map(({ packId }) => packId)).toEqual(['gdpr', 'bipa']);
  });

  it('names only places of ISO 3166', () => {
    const places = new Set([...iso31661.map(({ alpha2 }) => alpha2), ...iso31662.map(({ code }) => code)]);
    for (const { territories } of Object.values(packs))
      expect(territories.filter((place) => !places.has(place))).toEqual([]);
  });
});

describe('the consent that must be there', () => {
  it.each<[PackId, ConsentMethod, 'permitted' | 'refused', string]>([
    ['gdpr', 'read-by-agent', 'permitted', 'Art. 9(2)(a)'],
    ['gdpr', 'ivr-digit', 'permitted', 'Art. 9(2)(a)'],
    ['gdpr', 'web-form', 'permitted', 'Art. 9(2)(a)'],
    ['gdpr', 'signed-import', 'permitted', 'Art. 9(2)(a)'],
    // What the law asks is less than what Timbre does.
    ['ccpa', 'read-by-agent', 'permitted', 'Timbre rule 1: no biometric before the gate'],
    ['vcdpa', 'read-by-agent', 'permitted', 'Code 59.1-578(A)(5)'],
    ['vcdpa', 'ivr-digit', 'permitted', 'Code 59.1-578(A)(5)'],
    ['cpa', 'read-by-agent', 'permitted', 'C.R.S. 6-1-1308(7), 6-1-1314'],
    ['cpa', 'ivr-digit', 'permitted', 'C.R.S. 6-1-1308(7), 6-1-1314'],
    ['bipa', 'read-by-agent', 'refused', '740 ILCS 14/15(b), 14/10'],
    ['bipa', 'ivr-digit', 'refused', '740 ILCS 14/15(b), 14/10'],
    ['bipa', 'web-form', 'permitted', '740 ILCS 14/15(b), 14/10'],
    ['bipa', 'signed-import', 'permitted', '740 ILCS 14/15(b), 14/10'],
    ['cubi', 'read-by-agent', 'permitted', 'Bus. & Com. Code 503.001(b)'],
    ['cubi', 'ivr-digit', 'permitted', 'Bus. & Com. Code 503.001(b)'],
  ])('%s: consent given by %s is %s under %s', (packId, method, kind, article) => {
    expect(judgeMethod(of(packId), method)).toMatchObject({ kind, decidedBy: { rule: 'basis', article } });
  });

  it.each<[PackId[], string, PackId | 'timbre']>([
    [[], 'informed-consent', 'timbre'],
    [['ccpa'], 'informed-consent', 'timbre'],
    [['cubi'], 'informed-consent', 'cubi'],
    [['ccpa', 'vcdpa'], 'opt-in-consent', 'vcdpa'],
    [['gdpr', 'cpa'], 'explicit-consent', 'gdpr'],
    [['gdpr', 'bipa', 'cubi'], 'written-release', 'bipa'],
  ])('of %j is %s, decided by %s', (ids, consent, packId) => {
    expect(requiredConsent(of(...ids))).toMatchObject({ consent, decidedBy: { packId } });
  });

  it('is never weaker, nor open to more methods, for one more pack', () => {
    fc.assert(
      fc.property(fc.subarray([...packIds]), fc.constantFrom(...packIds), (ids, more) => {
        const few = requiredConsent(packsFor(null, ids));
        const many = requiredConsent(packsFor(null, [...ids, more]));
        expect(consentKinds.indexOf(many.consent)).toBeGreaterThanOrEqual(consentKinds.indexOf(few.consent));
        expect(many.methods.every((method) => few.methods.includes(method))).toBe(true);
        expect(many.methods).not.toHaveLength(0);
      }),
    );
  });

  it.each<[PackId[], string, string | undefined, string | undefined]>([
    [['cpa'], '2026-03-01T10:00:00Z', '2028-03-01T10:00:00Z', '4 CCR 904-3 Rule 7.08'],
    [['cpa', 'bipa'], '2024-02-29T10:00:00Z', '2026-02-28T10:00:00Z', '4 CCR 904-3 Rule 7.08'],
    [['gdpr', 'bipa'], '2026-03-01T10:00:00Z', undefined, undefined],
  ])('of %j last dealt with at %s is asked for again from %s on (%s)', (ids, last, due, article) => {
    const renewal = renewalDueMs(of(...ids), at(last));
    expect(renewal?.value).toBe(due === undefined ? undefined : at(due));
    expect(renewal?.decidedBy.article).toBe(article);
  });
});

describe('what the person must be told', () => {
  it.each<[PackId, string, string[]]>([
    [
      'gdpr',
      'Art. 13',
      ['who-is-responsible', 'purposes', 'legal-basis', 'retention-period', 'complaint-to-authority'],
    ],
    ['ccpa', 'Civ. Code 1798.100(a), 11 CCR 7012', ['categories-of-data', 'purposes', 'retention-period']],
    ['vcdpa', 'Code 59.1-578(C)', ['categories-of-data', 'purposes', 'rights', 'how-to-appeal']],
    ['cpa', 'C.R.S. 6-1-1308(1), 6-1-1314', ['that-voice-is-captured', 'retention-period', 'recipients']],
    ['bipa', '740 ILCS 14/15(b)(1), (2)', ['that-voice-is-captured', 'purposes', 'retention-period']],
    ['cubi', 'Bus. & Com. Code 503.001(b)(1)', ['that-voice-is-captured']],
  ])('%s, %s: %j', (packId, article, items) => {
    const { contents } = requiredNotice(of(packId));
    for (const item of items)
      expect(contents).toContainEqual({ value: item, decidedBy: { packId, rule: 'notice', article } });
  });

  it('must be in writing for Illinois alone, 740 ILCS 14/15(b)(1), (2)', () => {
    expect(packIds.filter((id) => requiredNotice(of(id)).inWriting !== null)).toEqual(['bipa']);
    expect(requiredNotice(of('gdpr', 'bipa')).inWriting?.packId).toBe('bipa');
  });
});

describe('taking consent back', () => {
  it.each<[PackId, string]>([
    ['gdpr', 'Art. 7(3)'],
    ['ccpa', 'Timbre rule 2: withdrawal is one call, one click, one sentence'],
    ['vcdpa', 'Code 59.1-575'],
    ['cpa', 'C.R.S. 6-1-1306(1)(a)(IV)(C), 4 CCR 904-3 Rule 7.07'],
    ['bipa', 'Timbre rule 2: withdrawal is one call, one click, one sentence'],
    ['cubi', 'Timbre rule 2: withdrawal is one call, one click, one sentence'],
  ])('%s: %s', (packId, article) => {
    expect(withdrawalRule(of(packId)).article).toBe(article);
  });
});

describe('how long a voice may be kept', () => {
  const never: Keeping = {
    lastInteractionMs: at('2026-01-31T12:00:00Z'),
    purposeMetMs: null,
    foundUnneededMs: null,
  };
  const met = (text: string): Partial<Keeping> => ({ purposeMetMs: at(text) });

  it.each<[PackId[], string, Partial<Keeping>, string | undefined, string | undefined]>([
    [['gdpr'], 'the purpose goes on', {}, undefined, undefined],
    [['gdpr'], 'the purpose was met', met('2027-05-01T00:00:00Z'), '2027-05-01T00:00:00Z', 'Art. 5(1)(e)'],
    [
      ['ccpa'],
      'the purpose was met',
      met('2027-05-01T00:00:00Z'),
      '2027-05-01T00:00:00Z',
      'Civ. Code 1798.100(a)(3), (c)',
    ],
    [
      ['vcdpa'],
      'the purpose was met',
      met('2027-05-01T00:00:00Z'),
      '2027-05-01T00:00:00Z',
      'Code 59.1-578(A)(1), (2)',
    ],
    [['cpa'], 'the purpose goes on', {}, '2028-01-31T12:00:00Z', 'C.R.S. 6-1-1314(2)(a)(III)(B)'],
    [
      ['cpa'],
      'the purpose was met first',
      met('2027-05-01T00:00:00Z'),
      '2027-05-01T00:00:00Z',
      'C.R.S. 6-1-1314(2)(a)(III)(A)',
    ],
    [
      ['cpa'],
      'a review found it unneeded',
      { foundUnneededMs: at('2027-01-01T00:00:00Z') },
      '2027-02-15T00:00:00Z',
      'C.R.S. 6-1-1314(2)(a)(III)(C)',
    ],
    [['bipa'], 'the purpose goes on', {}, '2029-01-31T12:00:00Z', '740 ILCS 14/15(a)'],
    [
      ['bipa'],
      'the purpose was met',
      met('2027-05-01T00:00:00Z'),
      '2027-05-01T00:00:00Z',
      '740 ILCS 14/15(a)',
    ],
    [
      ['cubi'],
      'the purpose was met',
      met('2027-05-01T00:00:00Z'),
      '2028-05-01T00:00:00Z',
      'Bus. & Com. Code 503.001(c)(3)',
    ],
    [['cubi'], 'the purpose goes on', {}, undefined, undefined],
    [['cubi', 'bipa'], 'the purpose goes on', {}, '2029-01-31T12:00:00Z', '740 ILCS 14/15(a)'],
    [['bipa', 'cpa'], 'the purpose goes on', {}, '2028-01-31T12:00:00Z', 'C.R.S. 6-1-1314(2)(a)(III)(B)'],
    [
      ['cubi', 'gdpr'],
      'the purpose was met',
      met('2027-05-01T00:00:00Z'),
      '2027-05-01T00:00:00Z',
      'Art. 5(1)(e)',
    ],
    [[], 'no pack applies', met('2027-05-01T00:00:00Z'), undefined, undefined],
  ])('%j, %s', (ids, _, more, until, article) => {
    const limit = keepNoLongerThan(of(...ids), { ...never, ...more });
    expect(limit?.atMs).toBe(until === undefined ? undefined : at(until));
    expect(limit?.decidedBy.article).toBe(article);
  });

  it.each<[PackId, string | undefined]>([
    ['gdpr', undefined],
    ['ccpa', 'Civ. Code 1798.130(a)(5)'],
    ['vcdpa', undefined],
    ['cpa', 'C.R.S. 6-1-1314(2)'],
    ['bipa', '740 ILCS 14/15(a)'],
    ['cubi', undefined],
  ])('%s: the schedule is public under %s', (packId, article) => {
    expect(publicPolicyRules(of(packId))[0]?.article).toBe(article);
  });
});

describe('the clock of a request', () => {
  const received = '2026-01-30T09:00:00Z';
  it.each<[PackId, RequestKind, string, string | null, string | null, string]>([
    ['gdpr', 'access', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 15'],
    ['gdpr', 'portability', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 20'],
    ['gdpr', 'correction', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 16'],
    ['gdpr', 'erasure', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 17'],
    ['gdpr', 'objection', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 21'],
    ['gdpr', 'limit', '2026-02-28T09:00:00Z', '2026-04-28T09:00:00Z', null, 'Art. 12(3), Art. 18'],
    [
      'ccpa',
      'access',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      '2026-02-13T09:00:00Z',
      'Civ. Code 1798.130(a)(2), 1798.110',
    ],
    [
      'ccpa',
      'correction',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      '2026-02-13T09:00:00Z',
      'Civ. Code 1798.130(a)(2), 1798.106',
    ],
    [
      'ccpa',
      'erasure',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      '2026-02-13T09:00:00Z',
      'Civ. Code 1798.130(a)(2), 1798.105',
    ],
    ['ccpa', 'objection', '2026-02-20T09:00:00Z', null, null, 'Civ. Code 1798.120, 11 CCR 7026(f)'],
    ['ccpa', 'limit', '2026-02-20T09:00:00Z', null, null, 'Civ. Code 1798.121, 11 CCR 7027(g)'],
    [
      'vcdpa',
      'access',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      null,
      'Code 59.1-577(B)(1), 59.1-577(A)(1)',
    ],
    [
      'vcdpa',
      'erasure',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      null,
      'Code 59.1-577(B)(1), 59.1-577(A)(3)',
    ],
    ['vcdpa', 'appeal', '2026-03-31T09:00:00Z', null, null, 'Code 59.1-577(C)'],
    [
      'cpa',
      'access',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      null,
      'C.R.S. 6-1-1306(2), 6-1-1306(1)(b), 6-1-1314',
    ],
    ['cpa', 'appeal', '2026-03-16T09:00:00Z', '2026-05-15T09:00:00Z', null, 'C.R.S. 6-1-1306(3)'],
    [
      'bipa',
      'access',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      null,
      'Timbre rule 7: requests have a clock',
    ],
    [
      'cubi',
      'erasure',
      '2026-03-16T09:00:00Z',
      '2026-04-30T09:00:00Z',
      null,
      'Timbre rule 7: requests have a clock',
    ],
  ])(
    '%s, %s: until %s, put off until %s, receipt confirmed by %s, %s',
    (packId, kind, due, extended, confirm, article) => {
      const clock = requestClock(of(packId), kind, at(received));
      expect(new Date(clock.dueMs).toISOString()).toBe(new Date(due).toISOString());
      expect(clock.extended?.value ?? null).toBe(extended === null ? null : at(extended));
      expect(clock.confirmBy?.value ?? null).toBe(confirm === null ? null : at(confirm));
      expect(clock.decidedBy.article).toBe(article);
    },
  );

  it('of several packs is the earliest of each date, and says whose', () => {
    const clock = requestClock(of('gdpr', 'ccpa'), 'access', at('2026-01-30T09:00:00Z'));
    expect(clock.decidedBy.packId).toBe('gdpr');
    expect(clock.extended?.decidedBy.packId).toBe('gdpr');
    expect(clock.confirmBy?.decidedBy.packId).toBe('ccpa');
    expect(requestClock(of('gdpr', 'ccpa'), 'objection', at(received))).toMatchObject({
      decidedBy: { packId: 'ccpa' },
      extended: null,
    });
  });

  it('never gets longer for one more pack that gives the right', () => {
    fc.assert(
      fc.property(
        fc.subarray([...packIds]),
        fc.constantFrom(...packIds),
        fc.constantFrom(...requestKinds),
        fc.integer({ min: 0, max: 4e12 }),
        (ids, more, kind, receivedMs) => {
          fc.pre(rightTo(packsFor(null, ids), kind) !== null);
          const few = requestClock(packsFor(null, ids), kind, receivedMs);
          const many = requestClock(packsFor(null, [...ids, more]), kind, receivedMs);
          expect(many.dueMs).toBeLessThanOrEqual(few.dueMs);
          expect(many.extended?.value ?? many.dueMs).toBeLessThanOrEqual(few.extended?.value ?? few.dueMs);
        },
      ),
    );
  });
});

describe('the further rules', () => {
  it.each<[PackId, string | undefined]>([
    ['gdpr', 'Art. 21(5)'],
    ['ccpa', 'Civ. Code 1798.135(b), 11 CCR 7025'],
    ['vcdpa', undefined],
    ['cpa', 'C.R.S. 6-1-1306(1)(a)(IV)(B), 4 CCR 904-3 Part 5'],
    ['bipa', undefined],
    ['cubi', undefined],
  ])('%s: a universal opt-out signal is honoured under %s', (packId, article) => {
    expect(optOutSignalRule(of(packId))?.article).toBe(article);
  });

  it.each<[PackId[], number, 'own-consent' | 'guardian', string | undefined]>([
    [['gdpr'], 16, 'own-consent', undefined],
    [['gdpr'], 15, 'guardian', 'Art. 8(1)'],
    [['ccpa'], 12, 'guardian', 'Civ. Code 1798.120(c)'],
    [['ccpa'], 13, 'own-consent', undefined],
    [['vcdpa'], 12, 'guardian', 'Code 59.1-578(A)(5)'],
    [['cpa'], 12, 'guardian', 'C.R.S. 6-1-1308(7)'],
    [['cpa'], 13, 'own-consent', undefined],
    [['bipa'], 12, 'own-consent', undefined],
    [['cubi'], 12, 'own-consent', undefined],
    [['cpa', 'gdpr'], 15, 'guardian', 'Art. 8(1)'],
  ])('%j: at %d years, %s (%s)', (ids, age, kind, article) => {
    const judged = judgeAge(of(...ids), age);
    expect(judged.kind).toBe(kind);
    expect(judged.kind === 'guardian' ? judged.decidedBy.article : undefined).toBe(article);
  });

  it.each<[PackId[], 'legal-claims' | 'substantial-public-interest' | 'security-exception', string, string]>([
    [['gdpr'], 'substantial-public-interest', 'permitted', 'Art. 9(2)(f) and (g)'],
    [['gdpr'], 'legal-claims', 'permitted', 'Art. 9(2)(f) and (g)'],
    [['gdpr'], 'security-exception', 'consent-needed', 'Art. 9(2)(f) and (g)'],
    [['ccpa'], 'security-exception', 'permitted', 'Civ. Code 1798.105(d)(2), 1798.121(a), 1798.140(ac)'],
    [
      ['ccpa'],
      'substantial-public-interest',
      'consent-needed',
      'Civ. Code 1798.105(d)(2), 1798.121(a), 1798.140(ac)',
    ],
    [['vcdpa'], 'legal-claims', 'consent-needed', 'Code 59.1-578(A)(5)'],
    [['cpa'], 'legal-claims', 'consent-needed', 'C.R.S. 6-1-1308(7), 6-1-1314'],
    [['bipa'], 'legal-claims', 'consent-needed', '740 ILCS 14/15(b)'],
    [['cubi'], 'legal-claims', 'consent-needed', 'Bus. & Com. Code 503.001(b)'],
    [['gdpr', 'bipa'], 'legal-claims', 'consent-needed', '740 ILCS 14/15(b)'],
    [[], 'legal-claims', 'permitted', 'Timbre rule 9: a documented basis, a reviewer, an expiry'],
  ])('%j: a watchlist on %s is %s, %s', (ids, ground, kind, article) => {
    expect(judgeGround(of(...ids), ground)).toMatchObject({ kind, decidedBy: { article } });
  });

  it.each<[PackId, string | null, string | null]>([
    ['gdpr', '2026-03-04T00:00:00Z', null],
    ['ccpa', null, '2026-03-31T00:00:00Z'],
    ['vcdpa', null, null],
    ['cpa', '2026-03-31T00:00:00Z', '2026-03-31T00:00:00Z'],
    ['bipa', null, null],
    ['cubi', '2026-03-31T00:00:00Z', '2026-04-30T00:00:00Z'],
  ])(
    '%s: a breach known on 1 March is told to the authority by %s, to the persons by %s',
    (packId, authority, persons) => {
      const clock = breachClock(of(packId), at('2026-03-01T00:00:00Z'));
      expect(clock.tellAuthorityBy?.value ?? null).toBe(authority === null ? null : at(authority));
      expect(clock.tellPersonsBy?.value ?? null).toBe(persons === null ? null : at(persons));
    },
  );

  it.each<[PackId[], number | undefined, string | undefined]>([
    [['gdpr'], undefined, undefined],
    [['ccpa'], 24, '11 CCR 7101(a)'],
    [['ccpa', 'bipa'], 60, '740 ILCS 14/15(b)(3)'],
  ])('%j: proof is kept at least %s months, %s', (ids, months, article) => {
    expect(proofMonthsAtLeast(of(...ids))?.value).toBe(months);
    expect(proofMonthsAtLeast(of(...ids))?.decidedBy.article).toBe(article);
  });
});

describe('a period', () => {
  it.each([
    ['2026-01-31T10:00:00Z', { months: 1 }, '2026-02-28T10:00:00Z'],
    ['2024-01-31T10:00:00Z', { months: 1 }, '2024-02-29T10:00:00Z'],
    ['2026-11-30T23:59:59Z', { months: 3 }, '2027-02-28T23:59:59Z'],
    ['2026-02-28T00:00:00Z', { months: 24 }, '2028-02-28T00:00:00Z'],
    // Friday to the Friday two weeks later.
    ['2026-11-27T08:00:00Z', { businessDays: 10 }, '2026-12-11T08:00:00Z'],
    // Saturday: the first business day is Monday.
    ['2026-11-28T08:00:00Z', { businessDays: 1 }, '2026-11-30T08:00:00Z'],
    ['2026-03-01T00:00:00Z', { hours: 72 }, '2026-03-04T00:00:00Z'],
    ['1969-12-31T22:00:00Z', { months: 1 }, '1970-01-31T22:00:00Z'],
  ])('from %s for %j ends at %s', (from, period, end) => {
    expect(new Date(addPeriod(at(from), period)).toISOString()).toBe(new Date(end).toISOString());
  });

  it('of months ends on the same day or the last of a shorter month', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 120 }), (fromMs, months) => {
        const end = new Date(addPeriod(fromMs, { months }));
        const from = new Date(fromMs);
        expect(
          (end.getUTCFullYear() - from.getUTCFullYear()) * 12 + end.getUTCMonth() - from.getUTCMonth(),
        ).toBe(months);
        const isLastDay = new Date(end.getTime() + dayMs).getUTCDate() === 1;
        expect(
          end.getUTCDate() === from.getUTCDate() || (isLastDay && end.getUTCDate() < from.getUTCDate()),
        ).toBe(true);
      }),
    );
  });
});

describe('docs/privacy-packs.md', () => {
  it('says what the packs say (npm run build && node dist/tools/docs/legal-packs.js)', () => {
    const document = readFileSync(new URL('../../../../docs/privacy-packs.md', import.meta.url), 'utf8');
    const words = (text: string): string => text.replace(/[\s|-]+/g, ' ');
    expect(words(document)).toBe(words(renderPacks()));
  });
});

describe('every pack', () => {
  it('has a version, an article for each rule, and takes some way of consenting', () => {
    for (const { version, rules } of Object.values(packs)) {
      expect(version).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      const found = (Object.values(rules) as (Ruled | readonly Ruled[] | null)[]).flatMap(
        (rule) => rule ?? [],
      );
      for (const rule of found) expect(rule.article).not.toBe('');
      expect(rules.basis.methods.every((method) => consentMethods.includes(method))).toBe(true);
    }
  });
});
