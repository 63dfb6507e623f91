import { z } from 'zod';

const valuesAtMost = 100;

/** A query parameter that may be given several times; a fault is named by the parameter, not by its place among them. */
export function several<Value extends z.ZodType>(value: Value) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given, context): readonly z.output<Value>[] => {
      const parsed = z.array(value).max(valuesAtMost).safeParse([given].flat());
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: parsed.error.issues[0]?.message ?? 'another value' });
      return z.NEVER;
    })
    .optional();
}
