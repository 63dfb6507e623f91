import type { CallId, TenantId } from '../ids.js';
import type { CallResult } from './result.js';

/** How others than the calls module learn what is known of a call now, wherever it lives. */
export interface CallResults {
  /** Undefined when the tenant has no such call. */
  latest(
    tenantId: TenantId,
    callId: CallId,
  ): Promise<
    | { readonly result: CallResult; /** Null while the call goes on. */ readonly closedAtMs: number | null }
    | undefined
  >;
}

export const CALL_RESULTS = Symbol('CallResults');
