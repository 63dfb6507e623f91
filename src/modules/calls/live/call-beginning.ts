import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallDescription } from '../../../core/calls/intake.js';
import type { CustomerId } from '../../../core/ids.js';
import { lastClaim } from '../call-log/last-claim.js';
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

/** Another stream resumes the call: claim and evidence stay, and consent is asked about again before it is heard. */
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
  if (session.claimedCustomerId === null) void settle(call, { ...description, resumes: [] }, use, registry);
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
    if (carried) await goOn(call, carried, await namedSince(call, carried, use, registry));
    if (session.claimedCustomerId !== null || claimedCustomer === undefined) return;
    const customerId = await use.customers.resolve(tenantId, claimedCustomer);
    if (customerId) await call.claim(customerId);
    else {
      session.missClaim();
      use.metrics.claimsNotFound.inc({ protocol: description.protocol });
      call.record('claimed', { customerId: null, problem: 'claim-not-found' });
    }
  } catch (error) {
    use.logger.error({ err: error, callId }, 'a call could not be claimed at its start');
  }
}

/** Without it the call begins anew, which is better than none. */
async function carriedTo(
  { callId }: LiveCall,
  description: CallDescription,
  { transfers, logger }: CallServices,
  registry: CallRegistry,
): Promise<CarriedCall | undefined> {
  try {
    return await transfers.take(
      description,
      callId,
      (other) => registry.find(description.tenantId, other) !== undefined,
    );
  } catch (error) {
    logger.error({ err: error, callId }, 'a call could not be resumed');
    return undefined;
  }
}

/** Whom an agent named for the call when its process had stopped hearing of it. */
function namedSince(
  call: LiveCall,
  { callId, readTo }: CarriedCall,
  { database, feed }: CallServices,
  registry: CallRegistry,
): Promise<CustomerId | undefined> {
  const { tenantId } = call.description;
  // From here on the feed brings what is said of the call by its former id.
  registry.resumes(call, callId);
  const between = { after: readTo, upTo: feed.reachedOf(tenantId) };
  return database.forTenant(tenantId, (em) => lastClaim(em, tenantId, callId, between));
}

async function goOn(call: LiveCall, carried: CarriedCall, named: CustomerId | undefined): Promise<void> {
  const { claimedCustomerId } = call.session;
  if (claimedCustomerId !== null) {
    // Whoever has been named here meanwhile, the evidence is not of their claim.
    call.inherit({ ...carried, evidence: null, firstDecision: null });
  } else if (named === undefined && carried.claimedCustomerId !== null) {
    await call.claim(carried.claimedCustomerId, carried);
  } else {
    call.inherit(carried);
    if (named !== undefined) await call.claim(named);
  }
}
