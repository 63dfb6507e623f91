import { types } from 'node:util';

/** The code of a system or database error, such as EEXIST. Not by instanceof: that fails across realms (worker threads, Jest). */
export function errorCode(error: unknown): string | undefined {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
