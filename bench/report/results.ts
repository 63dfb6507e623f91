import type { CallsReport } from '../calls-report.js';
import type { MicroReport } from '../micro-report.js';
import type { PeerReport } from '../peer/peer-report.js';
import type { WatchlistReport } from '../watchlist-report.js';

/** What was measured in one run; a part that could not be is absent. */
export interface Results {
  readonly machine: string;
  readonly date: string;
  readonly loadAverages: { readonly before: number; readonly after: number };
  readonly micro?: MicroReport;
  readonly calls?: CallsReport;
  /** With the int8 network. */
  readonly callsInt8?: CallsReport;
  readonly watchlist?: WatchlistReport;
  readonly peer?: PeerReport;
  /** Why a part is absent. */
  readonly problems: readonly string[];
}
