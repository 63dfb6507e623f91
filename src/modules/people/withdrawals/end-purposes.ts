import type { EntityManager } from 'typeorm';
import type { TokenId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import { destroyedDetails, recordFact } from '../../installation/facts/record-fact.js';
import type { ConsentEntryRow } from '../consents/consent-entry.entity.js';
import { appendConsent } from '../consents/consent-ledger.js';
import { destroyBiometrics, type Destroyed } from '../voiceprints/destruction.js';

/** Without one of these nothing of the voice may be kept. */
const keepsVoice: ReadonlySet<Purpose> = new Set<Purpose>(['verification', 'enrolment']);
export const nothing: Destroyed = { voiceprints: 0, stretches: 0, keys: 0 };

/**
 * Records that purposes of a consent are withdrawn and, in the same transaction, destroys what may no longer be kept. What else
 * follows, readers of the fact do. The caller holds the customer's lock.
 */
export async function endPurposes(
  em: EntityManager,
  by: TokenId | null,
  granted: ConsentEntryRow,
  purposes: readonly Purpose[],
  at: Date,
): Promise<Destroyed> {
  const { tenantId, customerId, consentId, noticeVersion, noticeLanguage, noticeText } = granted;
  const destroyed = purposes.some((purpose) => keepsVoice.has(purpose))
    ? await destroyBiometrics(em, customerId, 'consent-withdrawn', at.getTime())
    : nothing;
  await appendConsent(em, {
    consentId,
    tenantId,
    customerId,
    kind: 'withdrawn',
    purposes: [...purposes],
    noticeVersion,
    noticeLanguage,
    noticeText,
    method: 'withdrawal',
    givenAt: at,
    validUntil: null,
    proofSha256: null,
    recordedAt: at,
    recordedBy: by,
  });
  await recordFact(em, tenantId, at, {
    action: 'consent-withdrawn',
    by,
    subject: { kind: 'customer', id: customerId },
    details: { consentId, purposes, ...destroyedDetails(destroyed) },
  });
  return destroyed;
}
