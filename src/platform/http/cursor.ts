import { z } from 'zod';

/** Says where a list goes on. Opaque to the client, so that what it holds may change. */
export function encodeCursor(words: readonly string[]): string {
  return Buffer.from(words.join(' ')).toString('base64url');
}

/** The words of a cursor that was handed out before; `position` reads them. */
export function cursorOf<Words extends z.ZodType>(position: Words) {
  return z.string().transform((cursor, context): z.output<Words> => {
    const words = position.safeParse(Buffer.from(cursor, 'base64url').toString().split(' '));
    if (words.success) return words.data;
    context.addIssue({ code: 'custom', message: 'the nextCursor of an earlier page' });
    return z.NEVER;
  });
}
