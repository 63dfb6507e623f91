import type { FieldError } from './problem.js';

/** A standard-schema issue; zod's carry what it found in more detail. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: unknown;
  readonly keys?: unknown;
}

/** Names each wrong field and what was expected there, never the value: it may be a secret. */
export function fieldErrors(issues: readonly Issue[], whole: string): FieldError[] {
  return issues.flatMap((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)) {
      return issue.keys.map((key) => ({
        field: [...path, String(key)].join('.'),
        expected: 'no such field',
      }));
    }
    return [{ field: path.join('.') || whole, expected: expectation(issue.message) }];
  });
}

/** zod says "Too small: expected number to be >=5" and "Invalid UUID"; the part that says what was expected is kept. */
function expectation(message: string): string {
  return message.replace(/^[^:]+: (expected )?/, '').replace(/^Invalid /, 'a valid ');
}
