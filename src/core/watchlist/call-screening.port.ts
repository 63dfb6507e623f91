import type { CustomerId, TenantId, WatchlistId } from '../ids.js';
import type { ReasonEvidence } from '../risk/risk-reason.js';
import type { ScreenedSoFar } from './live-screening.js';
import type { ScreeningAdmission } from './screening-gate.js';

export type Admission = ScreeningAdmission<WatchlistId>;
export type WatchlistMatch = ReasonEvidence['watchlist-match'];
/** A caller's voice so far. */
export type ScreenedVoice = Pick<ScreenedSoFar, 'direction' | 'netSpeechMs' | 'span'>;

/** How a live call is held against watchlists. */
export interface CallScreening {
  /** The gate for a call that is claimed for this customer. Throws when it cannot be asked. */
  admission(tenantId: TenantId, customerId: CustomerId): Promise<Admission>;
  /** Undefined: no match that the policy would report, or none could be looked for. */
  screen(
    tenantId: TenantId,
    listIds: readonly WatchlistId[],
    voice: ScreenedVoice,
  ): Promise<WatchlistMatch | undefined>;
  /** A list or an entry of the tenant has come or gone. Returns how to end it. */
  onChanged(listener: (tenantId: TenantId) => void): () => void;
}

export const CALL_SCREENING = Symbol('CallScreening');
