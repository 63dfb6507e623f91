import { defaultPolicy } from '../../src/core/policy/policy.js';
import { ScreeningEvidence } from '../../src/core/watchlist/screening-evidence.js';
import type { Heard } from '../evaluate/heard.js';
import { speakerOf } from '../evaluate/trial-list.js';

/** A call as watchlist screening hears it, before anything is centred. */
export interface ScreenedCall {
  readonly caller: string;
  readonly call: string;
  /** The caller's voice in the whole call so far, at every moment that it would be held against a list. */
  readonly moments: readonly Float32Array[];
  /** What a list would get of this call; null where it holds too little speech for one. */
  readonly entry: Float32Array | null;
}

const { minNetSpeechMs, minEntryNetSpeechMs } = defaultPolicy.watchlist;

/** Null for a call that is over before it would be screened. */
export function screenedCall(call: string, { segments }: Heard): ScreenedCall | null {
  const evidence = new ScreeningEvidence();
  const moments: Float32Array[] = [];
  for (const { embedding, totalNetSpeechMs, startMs, endMs, quality } of segments) {
    const netSpeechMs = totalNetSpeechMs - evidence.netSpeechMs;
    evidence.add({ embedding, netSpeechMs, startMs, endMs }, quality);
    const direction = evidence.direction();
    if (direction && evidence.netSpeechMs >= minNetSpeechMs) moments.push(direction);
  }
  if (moments.length === 0) return null;
  const entry = evidence.netSpeechMs >= minEntryNetSpeechMs ? evidence.direction() : null;
  return { caller: speakerOf(call), call, moments, entry };
}
