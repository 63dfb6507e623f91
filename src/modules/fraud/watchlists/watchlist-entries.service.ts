import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, TenantId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { keepNoLongerThan, type LimitReached } from '../../../core/privacy/packs/limits.js';
import type { LegalPack } from '../../../core/privacy/packs/pack.js';
import { packsFor } from '../../../core/privacy/packs/registry.js';
import { dayMs } from '../../../core/privacy/retention.js';
import { assessEnrolment, type EnrolmentStretch } from '../../../core/speaker/enrolment.js';
import { entryRefusal } from '../../../core/watchlist/screening-gate.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { TenantKeys } from '../../installation/tenants/tenant-keys.service.js';
import { basisOf } from './list-definition.js';
import { endEntries, sealEntry } from './entry-store.js';
import type { NewEntry } from './watchlist-body.js';
import { WatchlistEntry } from './watchlist-entry.entity.js';
import { entryView, type EntryView } from './watchlist-view.js';
import { Watchlist } from './watchlist.entity.js';
import { lockOpenList, unknownList } from './watchlists.service.js';

export interface EntrySpeech {
  readonly stretch: EnrolmentStretch;
  readonly source: 'upload' | 'call';
  readonly callId: CallId | null;
}

/** Voices on lists: put there under a ground that is checked before any analysis, destroyed when their time or the person's word says so. */
@Injectable()
export class WatchlistEntries {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly tenantKeys: TenantKeys,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Asked before any of the recording is analysed, and again before anything of it is stored. */
  async mayAdd(tenantId: TenantId, listId: WatchlistId, entry: NewEntry): Promise<void> {
    const policy = await this.policies.current(tenantId);
    await this.database.forTenant(tenantId, async (em) => {
      this.check(await lockOpenList(em, listId), entry, policy);
    });
  }

  /** The caller wipes the speech. */
  async add(by: Principal, listId: WatchlistId, entry: NewEntry, speech: EntrySpeech): Promise<EntryView> {
    const { tenantId, tokenId } = by;
    const policy = await this.policies.current(tenantId);
    const { model } = this.engine;
    const { voice, netSpeechMs } = this.judge(speech.stretch, policy);
    const ring = await this.tenantKeys.ring(tenantId);
    try {
      const place = { tenantId, listId, entryId: randomUUID() as string as WatchlistEntryId };
      const row = await this.database.forTenant(tenantId, async (em) => {
        this.check(await lockOpenList(em, listId), entry, policy);
        const made = em.create(WatchlistEntry, {
          ...place,
          ...(await sealEntry(em, place, voice, ring)),
          shareDestroyedAt: null,
          reference: entry.reference,
          basisNote: entry.basisNote,
          reviewedBy: entry.reviewedBy,
          releaseReference: entry.releaseReference ?? null,
          residence: entry.residence ?? null,
          modelId: model.id,
          modelSha256: model.sha256,
          netSpeechMs: Math.round(netSpeechMs),
          source: speech.source,
          callId: speech.callId,
          addedAt: new Date(this.clock.nowMs()),
          addedBy: tokenId,
          expiresAt: new Date(entry.keepUntil),
          endedAt: null,
          endedReason: null,
          endedBy: null,
        });
        await em.insert(WatchlistEntry, made);
        await recordFact(em, tenantId, made.addedAt, {
          action: 'watchlist-entry-added',
          by: tokenId,
          subject: { kind: 'watchlist-entry', id: made.entryId },
          details: { listId, source: made.source, expiresAt: made.expiresAt.toISOString() },
        });
        return made;
      });
      return entryView(row, model.sha256);
    } finally {
      ring.wipe();
      voice.fill(0);
    }
  }

  async list(tenantId: TenantId, listId: WatchlistId): Promise<EntryView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Watchlist, { listId }))) unknownList();
      const rows = await em.find(WatchlistEntry, {
        where: { listId },
        order: { addedAt: 'DESC' },
        take: 1000,
      });
      return rows.map((row) => entryView(row, this.engine.model.sha256));
    });
  }

  async erase(by: Principal, listId: WatchlistId, entryId: WatchlistEntryId): Promise<void> {
    const nowMs = this.clock.nowMs();
    const ended = await this.database.forTenant(by.tenantId, async (em) => {
      const why = { reason: 'erased-on-request', by: by.tokenId, nowMs } as const;
      const gone = await endEntries(em, { listId, entryId }, why);
      const subject = { kind: 'watchlist-entry', id: entryId } as const;
      const event = {
        action: 'watchlist-entry-erased',
        by: by.tokenId,
        subject,
        details: { listId },
      } as const;
      if (gone.length > 0) await recordFact(em, by.tenantId, new Date(nowMs), event);
      return gone;
    });
    if (ended.length === 0)
      throw new ProblemError(404, 'unknown-watchlist-entry', 'There is no such voice on this watchlist');
  }

  private check(list: Watchlist, entry: NewEntry, policy: Policy): void {
    const nowMs = this.clock.nowMs();
    const { residence = null, releaseReference = null } = entry;
    const { packs: enabled, everywhere } = policy.privacy;
    const packs = packsFor(residence, enabled, everywhere);
    const refusal = entryRefusal(basisOf(list), { residence, packs, releaseReference }, nowMs);
    if (refusal?.kind === 'basis-review-overdue') {
      throw new ProblemError(409, refusal.kind, 'The approval of this watchlist is past its review date', {
        detail: 'Nothing is added or screened until it has been reviewed: PUT /v1/watchlists/{id}.',
      });
    }
    if (refusal?.kind === 'release-missing') {
      throw new ProblemError(409, refusal.kind, 'The watchlist’s ground does not cover this person', {
        detail: `Documented for ${list.residences.join(', ') || 'nobody'}; anybody else needs a release of their own: releaseReference (${refusal.decidedBy.packId}, ${refusal.decidedBy.article}).`,
        extra: { decidedBy: refusal.decidedBy },
      });
    }
    const { entryDaysAtMost } = policy.watchlist;
    const untilMs = Date.parse(entry.keepUntil);
    const law = entryLimit(packs, nowMs);
    if (law !== undefined && untilMs > law.atMs) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [
          {
            field: 'keepUntil',
            expected: `no later than ${new Date(law.atMs).toISOString()} (${law.decidedBy.packId}, ${law.decidedBy.article})`,
          },
        ],
      });
    }
    if (untilMs <= nowMs || untilMs > nowMs + entryDaysAtMost * dayMs) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'keepUntil', expected: `a time to come, within ${entryDaysAtMost} days` }],
      });
    }
  }

  private judge(stretch: EnrolmentStretch, policy: Policy): { voice: Float32Array; netSpeechMs: number } {
    const minNetSpeechMs = policy.watchlist.minEntryNetSpeechMs;
    const asked = { ...policy, enrolment: { ...policy.enrolment, minNetSpeechMs } };
    const judged = assessEnrolment([stretch], asked, this.engine.model);
    switch (judged.kind) {
      case 'complete':
        return { voice: judged.voiceprint, netSpeechMs: judged.netSpeechMs };
      case 'incomplete':
        throw new ProblemError(422, 'not-enough-speech', 'There is too little speech', {
          detail: `${(judged.netSpeechMs / 1000).toFixed(1)} s of net speech, ${judged.neededMs / 1000} s needed. Nothing was stored.`,
          extra: { netSpeechMs: judged.netSpeechMs, neededMs: judged.neededMs },
        });
      case 'refused':
        throw new ProblemError(422, 'entry-refused', 'The speech cannot stand for one voice', {
          detail: 'Nothing was stored.',
          extra: { reasons: judged.reasons },
        });
    }
  }
}

/** Being put on the list is the last that the center had to do with the person, as far as Timbre knows. */
function entryLimit(packs: readonly LegalPack[], addedMs: number): LimitReached | undefined {
  return keepNoLongerThan(packs, { lastInteractionMs: addedMs, purposeMetMs: null, foundUnneededMs: null });
}
