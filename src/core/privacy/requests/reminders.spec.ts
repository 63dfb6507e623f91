import { describe, expect, it } from '@jest/globals';
import { packsFor } from '../packs/registry.js';
import { packIds } from '../packs/pack.js';
import { requestClock } from '../packs/requests.js';
import { answerStanding, receiptStanding, remindersDue, type ReminderKind } from './reminders.js';
import type { RequestFacts } from './request.js';

const day = 86_400_000;
const week = 7 * day;
const receivedMs = Date.UTC(2026, 2, 2, 9);

/** As it comes in from somebody who lives there. */
function aRequestFrom(residence: string, more: Partial<RequestFacts> = {}): RequestFacts {
  const { dueMs, extended, confirmBy } = requestClock(packsFor(residence, packIds), 'access', receivedMs);
  return {
    kind: 'access',
    state: 'received',
    receivedMs,
    changedMs: receivedMs,
    dueMs,
    extendableToMs: extended?.value ?? null,
    extendedMs: null,
    receiptConfirmedMs: null,
    confirmReceiptByMs: confirmBy?.value ?? null,
    releasedMs: null,
    ...more,
  };
}

describe('the answer to a request', () => {
  // GDPR Art. 12(3): one month, so 2 April; Art. 12(3) with Regulation 1182/71.
  const german = aRequestFrom('DE');
  it.each([
    ['on time', Date.UTC(2026, 2, 26, 8), 'on-time'],
    ['due soon a week before its date', Date.UTC(2026, 2, 26, 9), 'due-soon'],
    ['due soon up to its date', Date.UTC(2026, 3, 2, 9), 'due-soon'],
    ['overdue after its date', Date.UTC(2026, 3, 2, 9) + 1, 'overdue'],
  ] as const)('is %s', (_, nowMs, standing) => {
    expect(answerStanding(german, week, nowMs)).toBe(standing);
  });

  it.each(['fulfilled', 'refused'] as const)('given (%s) is late no more', (state) => {
    expect(answerStanding({ ...german, state }, week, receivedMs + 365 * day)).toBe('answered');
  });
});

describe('the confirmation of receipt', () => {
  it('is asked for in California within 10 business days (11 CCR 7021(a))', () => {
    const californian = aRequestFrom('US-CA');
    expect(new Date(californian.confirmReceiptByMs ?? 0).toISOString()).toBe('2026-03-16T09:00:00.000Z');
    expect(receiptStanding(californian, receivedMs)).toBe('to-confirm');
    expect(receiptStanding(californian, Date.UTC(2026, 2, 17))).toBe('overdue');
    expect(receiptStanding({ ...californian, receiptConfirmedMs: receivedMs }, Date.UTC(2026, 2, 17))).toBe(
      'confirmed',
    );
  });

  it('is in the answer, where that comes sooner', () => {
    expect(receiptStanding(aRequestFrom('US-CA', { state: 'refused' }), Date.UTC(2026, 5))).toBe('confirmed');
  });

  it('is not asked for under the GDPR', () => {
    expect(receiptStanding(aRequestFrom('DE'), Date.UTC(2026, 5))).toBe('not-asked');
  });
});

describe('reminders', () => {
  const californian = aRequestFrom('US-CA');
  it('come once each', () => {
    const sent: ReminderKind[] = [];
    const told: string[] = [];
    for (let afterDays = 0; afterDays < 60; afterDays += 1) {
      const due = remindersDue(californian, sent, week, receivedMs + afterDays * day);
      sent.push(...due);
      told.push(...due.map((kind) => `${kind} ${afterDays}`));
    }
    expect(told).toEqual(['receipt-overdue 15', 'answer-due-soon 38', 'answer-overdue 46']);
  });

  it('of an answered request are none', () => {
    expect(remindersDue({ ...californian, state: 'refused' }, [], week, receivedMs + 90 * day)).toEqual([]);
  });
});
