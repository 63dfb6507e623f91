import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { ProtocolActions } from '../protocol-machine.js';
import type { MediaOffer } from './audiohook-messages.js';

/** Genesys counts in samples; a second apart is no rounding any more. */
const plausibleDriftMs = 1000;

export interface ChosenMedia {
  /** As it was offered. */
  readonly offer: MediaOffer;
  readonly format: StreamFormat;
}

/** Both sides apart where that is offered, else the caller alone; within that, the client's own order. */
export function chooseMedia(offers: readonly MediaOffer[]): ChosenMedia | undefined {
  const readable = offers.flatMap((offer) => {
    const format = formatOf(offer);
    return format ? [{ offer, format }] : [];
  });
  return readable.find(({ format }) => format.channels === 2) ?? readable[0];
}

/** How Timbre would read an offer, or undefined where it can't: the agent alone is nobody to verify. */
function formatOf({ type, format, channels, rate }: MediaOffer): StreamFormat | undefined {
  const callerChannel = channels.indexOf('external');
  const known = channels.length === 1 || (channels.length === 2 && channels.includes('internal'));
  if (type !== 'audio' || rate !== 8000 || callerChannel < 0 || !known) return undefined;
  if (format !== 'PCMU' && format !== 'L16') return undefined;
  return {
    encoding: format === 'PCMU' ? 'mulaw' : 'l16',
    sampleRateHz: 8000,
    channels: channels.length === 2 ? 2 : 1,
    callerChannel: callerChannel === 0 ? 0 : 1,
  };
}

/** The stream's time: samples heard, and stretches that the client says are missing. */
export class AudiohookMedia {
  private readonly format: StreamFormat;
  private positionMs = 0;
  private drifted = false;

  constructor(format: StreamFormat) {
    this.format = format;
  }

  /** Undefined when it is not whole samples of every channel. */
  audio(bytes: Uint8Array): ProtocolActions | undefined {
    if (bytes.length === 0 || bytes.length % bytesPerFrame(this.format) !== 0) return undefined;
    const positionMs = this.positionMs;
    this.positionMs += durationMs(bytes.length, this.format);
    return [{ kind: 'audio', bytes, positionMs }];
  }

  missing(ms: number): ProtocolActions {
    this.positionMs += ms;
    return ms > 0 ? [{ kind: 'lost', durationMs: ms }] : [];
  }

  /** The client's own count beside this one: samples decide, a difference is counted once. */
  compare(positionMs: number | undefined): ProtocolActions {
    if (
      this.drifted ||
      positionMs === undefined ||
      Math.abs(positionMs - this.positionMs) <= plausibleDriftMs
    )
      return [];
    this.drifted = true;
    return [{ kind: 'count', code: 'position-drift' }];
  }
}
