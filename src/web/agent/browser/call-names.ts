import type { CallView } from './calls-store.js';

/** The telephony platform's own id, which the agent's desktop shows too; ours when there is none. */
export function callName(call: CallView): string {
  return call.externalId ?? call.callId.slice(0, 8);
}
