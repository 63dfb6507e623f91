import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';
import { centred } from '../../../core/speaker/centring.js';
import type {
  Admission,
  CallScreening,
  ScreenedVoice,
  WatchlistMatch,
} from '../../../core/watchlist/call-screening.port.js';
import { callerScore } from '../../../core/watchlist/caller-score.js';
import { correctedLlr, falseMatchProbability } from '../../../core/watchlist/corrected-llr.js';
import { admit } from '../../../core/watchlist/screening-gate.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { WATCHLIST_SEARCH, type WatchlistSearch } from '../../../engine/watchlist/watchlist.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { subjectOfCustomer } from '../../people/customers/customer-subject.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { WatchlistDirectory } from './watchlist-directory.js';

const closed: Admission = { lists: [], mayAnalyse: false, untilMs: Number.POSITIVE_INFINITY };

/** Who may be held against which list, and what comes of it. */
@Injectable()
export class WatchlistScreening implements CallScreening {
  constructor(
    private readonly database: Database,
    private readonly directory: WatchlistDirectory,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(WATCHLIST_SEARCH) private readonly search: WatchlistSearch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onChanged(listener: (tenantId: TenantId) => void): () => void {
    return this.directory.onChanged(listener);
  }

  /** The gate for a call that is claimed for this customer. Throws when it cannot be asked. */
  async admission(tenantId: TenantId, customerId: CustomerId): Promise<Admission> {
    // Without a measured tail there is no telling a match from chance.
    if (this.engine.model.impostorTail === undefined) return closed;
    const lists = await this.directory.lists(tenantId);
    if (lists.length === 0) return closed;
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const customer = await em.findOne(Customer, {
        where: { customerId },
        lock: { mode: 'pessimistic_read' },
      });
      if (customer === null) return closed;
      const { residence } = customer;
      const ledger = await readLedger(em, customerId);
      const caller = { ...subjectOfCustomer(customer, policy), residence, ledger };
      return admit(lists, caller, this.clock.nowMs());
    });
  }

  /** Undefined: no match that the policy would report, or none could be looked for. */
  async screen(
    tenantId: TenantId,
    listIds: readonly WatchlistId[],
    voice: ScreenedVoice,
  ): Promise<WatchlistMatch | undefined> {
    const { model } = this.engine;
    const tail = model.impostorTail;
    const { minNetSpeechMs, falseAlarmsPerCall } = (await this.policies.current(tenantId)).watchlist;
    if (tail === undefined || voice.netSpeechMs < minNetSpeechMs) return undefined;
    const definitions = await this.directory.lists(tenantId);
    const direction = centred(voice.direction, model.centre);
    if (direction === null) return undefined;
    const scoreOf = callerScore(direction, tail.normalisation);
    const found = await this.search.search(listIds, direction);
    direction.fill(0);
    if (found.kind !== 'found') return undefined;
    const { best, entries } = found;
    const score = scoreOf(best.cosine);
    const chance = falseMatchProbability(score, entries, tail);
    const list = definitions.find(({ listId }) => listId === best.listId);
    if (chance > falseAlarmsPerCall || list === undefined) return undefined;
    return {
      listId: list.listId,
      listName: list.name,
      entryId: best.entryId as WatchlistEntryId,
      cosine: best.cosine,
      llr: correctedLlr(score, entries, tail),
      falseMatchProbability: chance,
      entries,
      netSpeechMs: voice.netSpeechMs,
      span: voice.span,
      modelId: model.id,
    };
  }
}
