import type { StreamFormat } from '../../src/core/audio/stream-format.js';
import { encodeL16 } from '../../src/core/audio/pcm.js';
import type { ClaimContext } from '../../src/core/calls/claim-context.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { meanDirection } from '../../src/core/speaker/vectors.js';
import type { VerificationResult } from '../../src/core/speaker/verification.js';
import { Verifier } from '../../src/core/speaker/verifier.js';
import type {
  AnalysisEngine,
  AnalysisEvent,
  SegmentEmbedding,
  SignalQuality,
} from '../../src/engine/engine.port.js';
import { joined, speechOf, type Talker } from './sounds.js';
import { l16, record } from './support.js';

export interface Heard {
  readonly events: readonly AnalysisEvent[];
  readonly segments: readonly SegmentEmbedding[];
  readonly netSpeechMs: number;
  readonly positionMs: number;
  readonly quality: SignalQuality;
}

export async function hear(
  engine: AnalysisEngine,
  caller: Float32Array,
  agent?: Float32Array,
  format: Partial<StreamFormat> = {},
): Promise<Heard> {
  const { stream, events, segments } = record(engine, { ...l16, channels: agent ? 2 : 1, ...format });
  const both =
    agent &&
    Float32Array.from({ length: caller.length * 2 }, (_, i) => (i % 2 === 0 ? caller : agent)[i >> 1]!);
  stream.push(encodeL16(both ?? caller));
  await stream.flush();
  stream.close();
  const last = events.findLast((event) => event.kind === 'progress')!;
  return {
    events,
    segments: segments(),
    netSpeechMs: last.netSpeechMs,
    positionMs: last.positionMs,
    quality: last.quality,
  };
}

export async function voiceprintOf(engine: AnalysisEngine, talker: Talker): Promise<Float32Array> {
  const { segments } = await hear(engine, joined(speechOf(talker, 'enrol-1'), speechOf(talker, 'enrol-2')));
  return meanDirection(segments.map(({ embedding }) => ({ embedding, weight: 1 })))!;
}

/** What the agent is told, from the first event of a call to its last, by a policy as shipped. */
export function tell(engine: AnalysisEngine, heard: Heard, voiceprint: Float32Array): VerificationResult[] {
  const verifier = new Verifier(engine.model, defaultPolicy);
  const context: ClaimContext = {
    kind: 'ready',
    customerId: 'customer' as CustomerId,
    consentId: 'consent' as ConsentId,
    validUntilMs: Infinity,
    voiceprintId: 'voiceprint' as VoiceprintId,
    modelId: engine.model.id,
    voiceprint: Float32Array.from(voiceprint),
    netSpeechMs: 40_000,
  };
  verifier.claim(context);
  let before = 0;
  return heard.events.map((event) => {
    if (event.kind === 'progress') verifier.progress(event.netSpeechMs, event.quality);
    if (event.kind === 'segment') {
      const { startMs, endMs, netSpeechMs, totalNetSpeechMs, quality } = event;
      const newNetSpeechMs = totalNetSpeechMs - before;
      before = totalNetSpeechMs;
      const embedding = Float32Array.from(event.embedding);
      const segment = { embedding, startMs, endMs, netSpeechMs, totalNetSpeechMs, newNetSpeechMs };
      verifier.segment(segment, quality);
    }
    return verifier.result();
  });
}

export const isDecision = ({ state }: VerificationResult): boolean =>
  state === 'accepted' || state === 'rejected';
