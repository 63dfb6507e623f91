/** A command line that can't be followed, in words for whoever wrote it. */
export class UsageError extends Error {}

export function required(value: string | boolean | undefined, name: string): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`${name} is required`);
  return value;
}
