import type { RequestFacts } from './request.js';
import { isAnswered } from './steps.js';

export type AnswerStanding = 'answered' | 'on-time' | 'due-soon' | 'overdue';
export type ReceiptStanding = 'not-asked' | 'to-confirm' | 'confirmed' | 'overdue';

export const reminderKinds = ['receipt-overdue', 'answer-due-soon', 'answer-overdue'] as const;
export type ReminderKind = (typeof reminderKinds)[number];

export function answerStanding(facts: RequestFacts, remindBeforeMs: number, nowMs: number): AnswerStanding {
  if (isAnswered(facts.state)) return 'answered';
  if (nowMs > facts.dueMs) return 'overdue';
  return nowMs >= facts.dueMs - remindBeforeMs ? 'due-soon' : 'on-time';
}

/** An answer confirms the receipt with it. */
export function receiptStanding(facts: RequestFacts, nowMs: number): ReceiptStanding {
  if (facts.confirmReceiptByMs === null) return 'not-asked';
  if (facts.receiptConfirmedMs !== null || isAnswered(facts.state)) return 'confirmed';
  return nowMs > facts.confirmReceiptByMs ? 'overdue' : 'to-confirm';
}

/** What people are to be reminded of now: each reminder once for each date, so that an extension may bring it again. */
export function remindersDue(
  facts: RequestFacts,
  sent: readonly ReminderKind[],
  remindBeforeMs: number,
  nowMs: number,
): ReminderKind[] {
  const answer = answerStanding(facts, remindBeforeMs, nowMs);
  const due: ReminderKind[] = [
    ...(receiptStanding(facts, nowMs) === 'overdue' ? ['receipt-overdue' as const] : []),
    ...(answer === 'due-soon' ? ['answer-due-soon' as const] : []),
    ...(answer === 'overdue' ? ['answer-overdue' as const] : []),
  ];
  return due.filter((kind) => !sent.includes(kind));
}
