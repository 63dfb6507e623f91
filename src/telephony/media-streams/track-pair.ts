import {
  bytesPerFrame,
  samplesPerFrame,
  type SampleEncoding,
  type StreamFormat,
} from '../../core/audio/stream-format.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';

/** How long the caller's audio waits for the agent's of the same time: both are sent at once, one packet after the other. */
const longestWaitMs = 60;
/** An agent's track with nothing for so long is not waited for: a platform may send none while nobody talks. */
const silentAfterMs = 1000;
/** Two seconds in packets of 20 ms: what is kept of an agent whose caller is not heard. */
const mostKept = 100;

const silence: Partial<Record<SampleEncoding, number>> = { mulaw: 0xff, alaw: 0xd5, g722: 0xff };

interface Stretch {
  readonly startMs: number;
  readonly bytes: Uint8Array;
}

interface Held extends Stretch {
  readonly positionMs: number;
  readonly lostMs: number;
}

/**
 * Two tracks that come in packets of their own, made one stream of two channels: the caller's with what the agent said at the
 * same time, or silence. Times are the platform's, which both tracks count from the same moment.
 */
export class TrackPair {
  /** Of both tracks: the caller's channel first. */
  readonly format: StreamFormat;
  private readonly track: StreamFormat;
  private readonly bytesPerMs: number;
  private agent: Stretch[] = [];
  private agentEndMs = -Infinity;
  private held: Held[] = [];

  constructor(track: StreamFormat) {
    this.track = track;
    this.bytesPerMs = ((track.sampleRateHz / 1000) * bytesPerFrame(track)) / samplesPerFrame(track);
    this.format = { ...track, channels: 2, callerChannel: 0 };
  }

  hearAgent(stretch: Stretch): void {
    this.agent = [...this.agent, stretch].slice(-mostKept);
    this.agentEndMs = Math.max(this.agentEndMs, this.endOf(stretch));
  }

  hearCaller(stretch: Held): void {
    this.held.push(stretch);
  }

  /** What is complete, or has waited long enough; with `all`, the rest too. */
  take(all = false): ProtocolActions {
    const newestMs = this.held.at(-1)?.startMs ?? 0;
    const waits = this.held.findIndex((held) => !all && this.mayBeCompleted(held, newestMs));
    const ready = this.held.splice(0, waits < 0 ? this.held.length : waits);
    return ready.flatMap((held): ProtocolAction[] => {
      const bytes = this.interleave(held.bytes, this.agentAt(held));
      const audio = { kind: 'audio', bytes, positionMs: held.positionMs } as const;
      return held.lostMs > 0 ? [{ kind: 'lost', durationMs: held.lostMs }, audio] : [audio];
    });
  }

  private mayBeCompleted(held: Held, newestMs: number): boolean {
    const missing = this.agentEndMs < this.endOf(held);
    const talking = this.agentEndMs > held.startMs - silentAfterMs;
    return missing && talking && newestMs - held.startMs < longestWaitMs;
  }

  private agentAt({ startMs, bytes }: Stretch): Uint8Array {
    const heard = new Uint8Array(bytes.length).fill(silence[this.track.encoding] ?? 0);
    const frame = bytesPerFrame(this.track);
    for (const stretch of this.agent) {
      const from = Math.round(((stretch.startMs - startMs) * this.bytesPerMs) / frame) * frame;
      const known = stretch.bytes.subarray(Math.max(0, -from), Math.max(0, bytes.length - from));
      if (known.length > 0 && from < bytes.length) heard.set(known, Math.max(0, from));
    }
    // The caller's time only goes forward.
    this.agent = this.agent.filter((stretch) => this.endOf(stretch) > startMs);
    return heard;
  }

  private interleave(caller: Uint8Array, agent: Uint8Array): Uint8Array {
    const frame = bytesPerFrame(this.track);
    const both = new Uint8Array(caller.length * 2);
    for (let i = 0; i < caller.length; i += frame) {
      both.set(caller.subarray(i, i + frame), 2 * i);
      both.set(agent.subarray(i, i + frame), 2 * i + frame);
    }
    return both;
  }

  private endOf({ startMs, bytes }: Stretch): number {
    return startMs + bytes.length / this.bytesPerMs;
  }
}
