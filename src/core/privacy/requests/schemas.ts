import { z } from 'zod';

export const answerStandingSchema = z
  .enum(['answered', 'on-time', 'due-soon', 'overdue'])
  .meta({ id: 'AnswerStanding' });

export const receiptStandingSchema = z
  .enum(['overdue', 'not-asked', 'to-confirm', 'confirmed'])
  .meta({ id: 'ReceiptStanding' });
