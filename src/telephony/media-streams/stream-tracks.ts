import { durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { FatalErrorCode } from '../errors.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import type { Dialect, MediaPacket, StreamStart } from './dialect.js';
import { hear, type HeardPacket } from './hear.js';
import { PacketOrder } from './packet-order.js';
import { StreamClock } from './stream-clock.js';
import { TrackPair } from './track-pair.js';

/** One side of a stream: where its packets lie, in the time that the platform counts for both. */
class Track {
  private readonly clock = new StreamClock();
  private firstTimestampMs: number | undefined;

  /** Undefined for a packet that comes late. Jitter of single timestamps does not show. */
  place({ bytes, chunk, timestampMs }: HeardPacket, format: StreamFormat) {
    const place = this.clock.place(chunk, timestampMs, durationMs(bytes.length, format));
    if (place.kind === 'late') return undefined;
    const { positionMs, lostMs } = place;
    this.firstTimestampMs ??= (timestampMs ?? 0) - positionMs;
    return { bytes, positionMs, lostMs, startMs: this.firstTimestampMs + positionMs };
  }
}

/**
 * The tracks of a stream, from packets to a call's audio: put in order, placed in time, and paired where the platform sends the
 * agent's too.
 */
export class StreamTracks {
  /** As it is handed on. */
  readonly format: StreamFormat;
  private readonly wire: StreamFormat;
  private readonly order: PacketOrder<HeardPacket> | undefined;
  private readonly pair: TrackPair | undefined;
  private readonly caller = new Track();
  private readonly agent = new Track();

  constructor({ tracks, sequence }: StreamStart, wire: StreamFormat, { reorderWithinMs }: Dialect) {
    this.wire = wire;
    this.pair = tracks?.includes('outbound') ? new TrackPair(wire) : undefined;
    this.format = this.pair?.format ?? wire;
    if (reorderWithinMs !== undefined) this.order = new PacketOrder((sequence ?? 0) + 1, reorderWithinMs);
  }

  media(packet: MediaPacket, nowMs: number): ProtocolActions | FatalErrorCode {
    const heard = hear(packet, this.wire, this.pair !== undefined);
    if (typeof heard === 'string') return heard;
    if (!this.order || packet.sequence === undefined) return heard ? this.place(heard) : [];
    const isNew = this.order.add(packet.sequence, heard, nowMs);
    return isNew ? this.inOrder(nowMs) : [{ kind: 'count', code: 'late-chunk' }];
  }

  /** A message without audio that has a place in the order. */
  skip(sequence: number | undefined, nowMs: number): ProtocolActions {
    if (!this.order || sequence === undefined) return [];
    this.order.add(sequence, undefined, nowMs);
    return this.inOrder(nowMs);
  }

  /** What needs wait no longer. */
  inOrder(nowMs: number): ProtocolActions {
    return (this.order?.take(nowMs) ?? []).flatMap((packet) => this.place(packet));
  }

  /** All that still waits for packets that will not come any more. */
  rest(): ProtocolActions {
    const waiting = (this.order?.take(0, true) ?? []).flatMap((packet) => this.place(packet));
    return [...waiting, ...(this.pair?.take(true) ?? [])];
  }

  private place(packet: HeardPacket): ProtocolActions {
    const placed = (packet.side === 'caller' ? this.caller : this.agent).place(packet, this.wire);
    if (!placed) return [{ kind: 'count', code: 'late-chunk' }];
    const { bytes, positionMs, lostMs } = placed;
    if (this.pair) {
      if (packet.side === 'caller') this.pair.hearCaller(placed);
      else this.pair.hearAgent(placed);
      return this.pair.take();
    }
    const audio: ProtocolAction = { kind: 'audio', bytes, positionMs };
    return lostMs > 0 ? [{ kind: 'lost', durationMs: lostMs }, audio] : [audio];
  }
}
