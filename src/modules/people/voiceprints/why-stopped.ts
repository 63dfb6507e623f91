import type { CustomerId, TenantId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import type { EnrolmentGate, EnrolmentOutcome } from './enrolment-outcome.js';
import type { VoiceprintsService } from './voiceprints.service.js';

/** What ended an enrolment that the gate had let begin. */
export async function whyStopped(
  voiceprints: VoiceprintsService,
  { tenantId, customerId }: { readonly tenantId: TenantId; readonly customerId: CustomerId },
): Promise<EnrolmentOutcome> {
  let gate;
  try {
    gate = await voiceprints.enrolmentGate(tenantId, customerId);
  } catch (error) {
    // There was such a customer when the gate was asked first.
    if (error instanceof ProblemError && error.slug === 'customer-not-found') return { kind: 'erased' };
    throw error;
  }
  return gate.kind === 'closed' ? toNoConsent(gate) : { kind: 'erased' };
}

export function toNoConsent({
  reason,
  decidedBy,
}: Extract<EnrolmentGate, { kind: 'closed' }>): Extract<EnrolmentOutcome, { kind: 'no-consent' }> {
  return { kind: 'no-consent', reason, decidedBy };
}
