import { MoreThan, type EntityManager } from 'typeorm';
import type { Policy } from '../../../core/policy/policy.js';
import {
  blocked,
  notComparable,
  replacementRefusal,
  type ReplacementRefusal,
} from '../../../core/speaker/replacement.js';
import type { AnalysisEngine } from '../../../engine/engine.port.js';
import { ownMeanVoice } from '../../installation/mean-voices/mean-voice-in-force.js';
import { isOfModel } from '../../installation/models/served-model.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import type { Owner } from './customer-keys.js';
import type { ReplacementBlocks } from './replacement-blocks.port.js';
import { openVoiceprint } from './voiceprint-store.js';
import { Voiceprint } from './voiceprint.entity.js';

interface Anew {
  readonly owner: Owner;
  readonly policy: Policy;
  readonly nowMs: number;
  readonly voiceprint: Float32Array;
  readonly netSpeechMs: number;
}

export interface KeptInForce {
  /** Null: it was revoked or has expired. */
  readonly inForce: Voiceprint | null;
  readonly reason: ReplacementRefusal;
}

/** The voiceprint in force that a new one may not replace; null: there is none, or it is of the same voice. The caller holds the customer's lock. */
export async function keptInForce(
  em: EntityManager,
  { owner, policy, nowMs, voiceprint, netSpeechMs }: Anew,
  ring: KeyRing,
  { model, models }: Pick<AnalysisEngine, 'model' | 'models'>,
  blocks: ReplacementBlocks,
): Promise<KeptInForce | null> {
  const active = await em.findBy(Voiceprint, {
    customerId: owner.customerId,
    status: 'active',
    expiresAt: MoreThan(new Date(nowMs)),
  });
  const inForce = active.find((row) => models.some((served) => isOfModel(row, served)));
  if (inForce === undefined) {
    // Revoking it first does not get round a call under way or a grave flag.
    const hadOne = await em.existsBy(Voiceprint, { customerId: owner.customerId });
    const block = hadOne ? await blocks.blockNow(em, owner) : null;
    return block && { inForce: null, reason: blocked[block] };
  }
  if (!isOfModel(inForce, model)) return { inForce, reason: notComparable };
  const own = await ownMeanVoice(em, inForce.modelSha256);
  const vector = await openVoiceprint(em, owner, inForce, ring);
  try {
    const reason = replacementRefusal(
      { voiceprint: vector, netSpeechMs: inForce.netSpeechMs },
      { voiceprint, netSpeechMs },
      policy,
      model,
      own?.centre,
    );
    if (reason) return { inForce, reason };
    const block = await blocks.blockNow(em, owner);
    return block && { inForce, reason: blocked[block] };
  } finally {
    vector.fill(0);
  }
}
