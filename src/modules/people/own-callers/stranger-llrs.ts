import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, VoiceprintId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { strangersPerCall } from '../../../core/speaker/own-callers.js';
import type { ComparableVoice, Scorer } from '../../../core/speaker/scoring.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { openVoiceprint } from '../voiceprints/voiceprint-store.js';
import { Voiceprint } from '../voiceprints/voiceprint.entity.js';
import { mayBeMeasured } from './may-be-measured.js';

export interface StrangersProbe {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
  readonly modelSha256: string;
  readonly voice: ComparableVoice;
  readonly snrDb: number | null;
  readonly scorer: Scorer;
}

interface Drawn {
  readonly voiceprintId: VoiceprintId;
  readonly customerId: CustomerId;
}

/** A caller's voice against voiceprints of others, drawn at random. */
@Injectable()
export class StrangerLlrs {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * One short transaction each, so that nobody's withdrawal waits for fifty comparisons, and other work gets its turn in between.
   */
  async of(probe: StrangersProbe, policy: Policy, ring: KeyRing): Promise<number[]> {
    const llrs: number[] = [];
    for (const drawn of await this.draw(probe)) {
      const llr = await this.compare(drawn, probe, policy, ring);
      if (llr !== null) llrs.push(llr);
    }
    return llrs;
  }

  private async compare(
    { voiceprintId, customerId }: Drawn,
    { tenantId, voice, snrDb, scorer }: StrangersProbe,
    policy: Policy,
    ring: KeyRing,
  ): Promise<number | null> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await mayBeMeasured(em, customerId, policy, this.clock.nowMs()))) return null;
      const row = await em.findOneBy(Voiceprint, { voiceprintId, status: 'active' });
      if (row === null) return null;
      const vector = await openVoiceprint(em, { tenantId, customerId }, row, ring);
      const reference = scorer.ready(vector, row.netSpeechMs);
      vector.fill(0);
      if (reference === null) return null;
      const llr = scorer.llr(reference, voice, snrDb);
      reference.direction.fill(0);
      return llr;
    });
  }

  /**
   * From a random place on in the order of ids, which are random themselves. Left out is who may share a voice with the caller: whoever was
   * claimed in a call from a number that the caller was claimed from too, which is all that is known of a household.
   */
  private draw({ tenantId, customerId, modelSha256 }: StrangersProbe): Promise<Drawn[]> {
    const now = new Date(this.clock.nowMs());
    return this.database.forTenant(tenantId, async (em) => {
      const drawn = await em.query<{ voiceprint_id: VoiceprintId; customer_id: CustomerId }[]>(
        `WITH numbers AS (SELECT DISTINCT ani_hash FROM calls WHERE claimed_customer_id = $1 AND ani_hash IS NOT NULL),
              near AS (SELECT claimed_customer_id FROM calls WHERE ani_hash IN (SELECT ani_hash FROM numbers) AND claimed_customer_id IS NOT NULL)
         SELECT voiceprint_id, customer_id FROM voiceprints v
          WHERE status = 'active' AND model_sha256 = $2 AND customer_id <> $1 AND restricted_at IS NULL
            AND expires_at > $3 AND vouches_from <= $3
            AND NOT EXISTS (SELECT 1 FROM near WHERE near.claimed_customer_id = v.customer_id)
          ORDER BY voiceprint_id < $4, voiceprint_id LIMIT $5`,
        [customerId, modelSha256, now, randomUUID(), strangersPerCall],
      );
      return drawn.map((row) => ({ voiceprintId: row.voiceprint_id, customerId: row.customer_id }));
    });
  }
}
