import { durationMs, type StreamFormat, type StreamRateHz } from '../../core/audio/stream-format.js';
import type { Fragment, FragmentBlock, FragmentTrack } from '../../core/matroska/fragments.js';
import { StreamClock } from '../media-streams/stream-clock.js';
import { TrackPair } from '../media-streams/track-pair.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';

/** Amazon Connect's names; a single track before there were two was the customer's. */
const callerTrackNames = new Set(['AUDIO_FROM_CUSTOMER', 'Track_audio/L16']);
const agentTrackName = 'AUDIO_TO_CUSTOMER';

/** Of milliseconds since 1970; anything before counts from the fragment's own beginning (a stream with relative times). */
const absoluteFromMs = 100_000_000_000;

const ratesHz: readonly number[] = [8000, 16_000, 24_000, 48_000] satisfies StreamRateHz[];

interface Sides {
  readonly caller: number;
  readonly agent: number | undefined;
}

/** Which track is whose, or undefined where nobody can tell. One track alone is the customer's: Chime has a stream for each leg. */
function sidesOf(tracks: readonly FragmentTrack[]): Sides | undefined {
  const only = tracks.length === 1 ? tracks[0] : undefined;
  const caller =
    tracks.find(({ name }) => callerTrackNames.has(name)) ??
    (only?.name === agentTrackName ? undefined : only);
  const agent = tracks.find(({ name }) => name === agentTrackName);
  return caller && { caller: caller.number, agent: agent?.number };
}

/**
 * 16-bit little-endian, whatever the codec id says (Amazon Connect writes A_AAC). The rate stands in the tag MimeType, as
 * `audio/L16;rate=8000;channels=1;`.
 */
function rateOf({ tags }: Fragment): StreamRateHz | undefined {
  const rate = Number(/rate=(\d{1,6})/.exec(tags.get('MimeType') ?? '')?.[1] ?? 8000);
  return ratesHz.includes(rate) ? (rate as StreamRateHz) : undefined;
}

/** One side's blocks, placed in stream time. */
class Side {
  private readonly clock = new StreamClock();
  private blocks = 0;
  private firstMs: number | undefined;

  place(bytes: Uint8Array, timestampMs: number, format: StreamFormat) {
    this.firstMs ??= timestampMs;
    this.blocks += 1;
    const place = this.clock.place(this.blocks, timestampMs, durationMs(bytes.length, format));
    if (place.kind === 'late') return undefined;
    return { ...place, bytes, startMs: this.firstMs + place.positionMs };
  }
}

/** From fragments to a call's audio: the customer's track, with what the agent said at the same time where there is a track of that. */
export class KinesisTracks {
  readonly format: StreamFormat;
  private readonly wire: StreamFormat;
  private readonly pair: TrackPair | undefined;
  private readonly caller = new Side();
  private readonly agent = new Side();
  private heardMs = 0;

  private constructor(rate: StreamRateHz, sides: Sides) {
    this.wire = { encoding: 'l16', sampleRateHz: rate, channels: 1, callerChannel: 0 };
    this.pair = sides.agent === undefined ? undefined : new TrackPair(this.wire);
    this.format = this.pair?.format ?? this.wire;
  }

  /** Undefined where the fragment's tracks or rate are none that can be read. */
  static of(fragment: Fragment): KinesisTracks | undefined {
    const sides = sidesOf(fragment.tracks);
    const rate = rateOf(fragment);
    return sides && rate && new KinesisTracks(rate, sides);
  }

  hear(fragment: Fragment): ProtocolActions {
    // The numbers may be others in every document; the names stay.
    const sides = sidesOf(fragment.tracks);
    if (!sides) return [];
    // The agent's before the customer's of the same time, which would not wait for an agent never heard.
    const rank = ({ track }: FragmentBlock): number => (track === sides.caller ? 1 : 0);
    const blocks = fragment.blocks.toSorted((a, b) => a.timestampMs - b.timestampMs || rank(a) - rank(b));
    const shiftMs = shiftOf(fragment, blocks[0]);
    return blocks.flatMap(({ track, timestampMs, payload }) => {
      if (track === sides.caller) return this.hearCaller(payload, timestampMs + shiftMs);
      if (track === sides.agent) this.hearAgent(payload, timestampMs + shiftMs);
      return [];
    });
  }

  /** Where the customer's audio ends that has come so far. */
  get audioMs(): number {
    return this.heardMs;
  }

  /** What waits for the agent's audio of the same time, which comes no more. */
  rest(): ProtocolActions {
    return this.pair?.take(true) ?? [];
  }

  private hearCaller(payload: Uint8Array, timestampMs: number): ProtocolActions {
    const odd: ProtocolAction[] = payload.length % 2 === 0 ? [] : [{ kind: 'count', code: 'partial-frame' }];
    const placed = this.caller.place(whole(payload), timestampMs, this.wire);
    if (!placed) return odd;
    this.heardMs = placed.positionMs + durationMs(placed.bytes.length, this.wire);
    if (this.pair) {
      this.pair.hearCaller(placed);
      return [...odd, ...this.pair.take()];
    }
    const { bytes, positionMs, lostMs } = placed;
    const lost: ProtocolAction[] = lostMs > 0 ? [{ kind: 'lost', durationMs: lostMs }] : [];
    return [...odd, ...lost, { kind: 'audio', bytes, positionMs }];
  }

  private hearAgent(payload: Uint8Array, timestampMs: number): void {
    const placed = this.agent.place(whole(payload), timestampMs, this.wire);
    if (placed) this.pair?.hearAgent(placed);
  }
}

/** Half a sample at the end is nothing. */
function whole(payload: Uint8Array): Uint8Array {
  return payload.subarray(0, payload.length - (payload.length % 2));
}

/** What brings a fragment's times to milliseconds since 1970. */
function shiftOf({ tags }: Fragment, first: FragmentBlock | undefined): number {
  const producedMs = Number(tags.get('AWS_KINESISVIDEO_PRODUCER_TIMESTAMP')) * 1000;
  if (!first || first.timestampMs >= absoluteFromMs || !(producedMs > 0)) return 0;
  return producedMs - first.timestampMs;
}
