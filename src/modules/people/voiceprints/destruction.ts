import { In, IsNull, type EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import { CustomerKey } from './customer-key.entity.js';
import { EnrolmentStretchRow } from './enrolment-stretch.entity.js';
import { HeldEnrolment } from './held-enrolment.entity.js';
import { Voiceprint } from './voiceprint.entity.js';

export interface Destroyed {
  readonly voiceprints: number;
  readonly stretches: number;
  readonly keys: number;
}

const destructionReasons = ['consent-withdrawn', 'revoked-on-request'] as const;
export type DestructionReason = (typeof destructionReasons)[number];

/**
 * Ends all that is kept of a customer's voice: the key, and with it every ciphertext wherever a copy of one lies; then the
 * ciphertexts themselves. What is left says that there was something, not what. The caller holds the customer's lock.
 */
export async function destroyBiometrics(
  em: EntityManager,
  customerId: CustomerId,
  reason: DestructionReason,
  nowMs: number,
): Promise<Destroyed> {
  const at = new Date(nowMs);
  const keys = await em.update(
    CustomerKey,
    { customerId, destroyedAt: IsNull() },
    { wrappedKey: null, destroyedAt: at, destroyedReason: reason },
  );
  const voiceprints = await em.update(
    Voiceprint,
    { customerId, status: 'active' },
    { status: 'revoked', ciphertext: null, endedAt: at, endedReason: reason },
  );
  const stretches = await em.delete(EnrolmentStretchRow, { customerId });
  const held = await em.delete(HeldEnrolment, { customerId });
  return {
    voiceprints: (voiceprints.affected ?? 0) + (held.affected ?? 0),
    stretches: stretches.affected ?? 0,
    keys: keys.affected ?? 0,
  };
}

/** How often the customer's voice data was ended by the person's own word; a sweep does not count. */
export function erasuresOf(em: EntityManager, customerId: CustomerId): Promise<number> {
  return em.countBy(CustomerKey, { customerId, destroyedReason: In(destructionReasons) });
}
