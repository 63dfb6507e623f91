import type { CallCloseReason } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import { verificationDecided } from '../call-log/call-audit.js';
import { forgetStream } from '../call-log/erased-calls.js';
import type { CallServices } from './call-services.js';
import type { CallRegistry } from './call-registry.js';
import type { LiveCall } from './live-call.js';

/** The end of a call on this process. `keys`: under which another process may resume it. */
export async function endCall(
  call: LiveCall,
  reason: CallCloseReason,
  keys: readonly string[],
  use: CallServices,
  registry: CallRegistry,
): Promise<CallResult> {
  const { session, callId } = call;
  const { tenantId } = call.description;
  await session.flush();
  if (keys.length > 0 && (reason === 'shutdown' || reason === 'taken-over'))
    await transferCall(call, keys, use);
  await call.enrolment.finish();
  const migrated = session.takeMigration();
  const ended = session.endedVoice();
  const result = session.close();
  registry.remove(callId);
  use.metrics.live.dec();
  count(call, reason, use);
  call.record('closed', { reason, result }, { closeReason: reason, result });
  const customerId = session.claimedCustomerId;
  if (customerId === null) {
    if (call.isNobodys) call.run('erase the last of an erased customer', call.whenWritten(forgetStream));
    return result;
  }
  if (result.verification.state === 'accepted') {
    const touched = use.interactions.touch(tenantId, customerId, use.clock.nowMs());
    call.run('record the last interaction', touched);
  }
  if (ended) call.run('measure on own callers', use.ownCallers.measure(tenantId, customerId, ended));
  use.audit.add(tenantId, verificationDecided(result, customerId));
  if (migrated) await use.migrations.store(session, customerId, migrated);
  return result;
}

async function transferCall(
  { session, callId }: LiveCall,
  keys: readonly string[],
  { transfers, feed, logger }: CallServices,
): Promise<void> {
  const { description } = session;
  try {
    const readTo = feed.reachedOf(description.tenantId);
    await transfers.store(description, { ...session.carry(), readTo }, keys);
  } catch (error) {
    logger.error({ err: error, callId }, 'a call could not be transferred');
  }
}

function count({ session }: LiveCall, reason: CallCloseReason, { metrics }: CallServices): void {
  metrics.closed.inc({ reason });
  const { analysedMs, droppedMs, lostMs, withheldMs } = session.audioHere;
  for (const [fate, ms] of Object.entries({ analysedMs, droppedMs, lostMs, withheldMs })) {
    metrics.audioMs.inc({ fate: fate.slice(0, -2) }, Math.max(0, ms));
  }
}
