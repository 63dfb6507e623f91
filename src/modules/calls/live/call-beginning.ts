import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { CallServices } from './call-services.js';
import type { CallRegistry } from './call-registry.js';
import type { LiveCall } from './live-call.js';

/** A call's first row, and whom it is for: what another process had of it, or whom the platform names. */
export function beginCall(call: LiveCall, use: CallServices, registry: CallRegistry): void {
  const { session, description } = call;
  registry.add(call);
  use.metrics.live.inc();
  use.metrics.opened.inc({ protocol: description.protocol });
  const result = session.result();
  call.record('opened', result, { opened: { description, result } });
  void settle(call, description, use, registry);
}

/** Another stream goes on with the call: claim and evidence stay, and consent is asked about again before it is heard. */
export function resumeCall(
  call: LiveCall,
  description: CallDescription,
  use: CallServices,
  registry: CallRegistry,
): void {
  const { session } = call;
  const { resumeWithinMs, silenceTimeoutMs } = use.config;
  const lostMs = session.resume(description, resumeWithinMs + silenceTimeoutMs);
  use.metrics.resumed.inc({ protocol: description.protocol });
  const { streamKey } = description;
  call.record('resumed', { lostMs }, streamKey === undefined ? {} : { streamKey });
  // It is known where the call was: here.
  if (session.claimedCustomerId === null) void settle(call, { ...description, continues: [] }, use, registry);
  else void call.check.recheck();
}

async function settle(
  call: LiveCall,
  description: CallDescription,
  use: CallServices,
  registry: CallRegistry,
): Promise<void> {
  const { session, callId } = call;
  const { tenantId, claimedCustomer } = description;
  try {
    session.usePolicy(await use.policies.current(tenantId));
    const carried = await carriedTo(call, description, use, registry);
    if (session.claimedCustomerId !== null) return;
    if (carried && carried.claimedCustomerId !== null) {
      await call.claim(carried.claimedCustomerId, carried);
      return;
    }
    if (carried) call.inherit(carried);
    if (claimedCustomer === undefined) return;
    const customerId = await use.customers.resolve(tenantId, claimedCustomer);
    if (customerId) await call.claim(customerId);
    else call.record('claimed', { customerId: null, problem: 'unknown-customer' });
  } catch (error) {
    use.logger.error({ err: error, callId }, 'a call could not be claimed at its start');
  }
}

/** Without it the call begins anew, which is better than none. */
async function carriedTo(
  { callId }: LiveCall,
  description: CallDescription,
  { handovers, logger }: CallServices,
  registry: CallRegistry,
): Promise<CarriedCall | undefined> {
  try {
    return await handovers.take(
      description,
      callId,
      (other) => registry.find(description.tenantId, other) !== undefined,
    );
  } catch (error) {
    logger.error({ err: error, callId }, 'a call could not be gone on with');
    return undefined;
  }
}
