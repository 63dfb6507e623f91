import { bytesPerFrame, type StreamFormat } from '../../core/audio/stream-format.js';
import type { FatalErrorCode } from '../errors.js';
import type { ProtocolActions } from '../protocol-machine.js';
import type { MediaPacket } from './dialect.js';
import { decodeBase64 } from './fields.js';

export interface HeardPacket {
  readonly side: 'caller' | 'agent';
  readonly bytes: Uint8Array;
  readonly chunk: number | undefined;
  readonly timestampMs: number | undefined;
}

/** The audio of a packet, nothing if it is a side's that is not heard, or what is wrong with it. */
export function hear(
  { track, chunk, timestampMs, payload }: MediaPacket,
  format: StreamFormat,
  hearAgent: boolean,
): HeardPacket | FatalErrorCode | undefined {
  const side = track === 'inbound' ? 'caller' : 'agent';
  if (side === 'agent' && !(hearAgent && track === 'outbound')) return undefined;
  const bytes = decodeBase64(payload);
  if (!bytes) return 'invalid-payload';
  return bytes.length % bytesPerFrame(format) === 0 ? { side, bytes, chunk, timestampMs } : 'partial-frame';
}

/** What is made of an event that is neither audio nor the call's beginning or end. */
export function noteOf(event: string): ProtocolActions {
  switch (event) {
    case 'dtmf':
    case 'mark':
    case 'clear':
      return [];
    case 'error':
      return [{ kind: 'count', code: 'platform-error' }];
    default:
      // A platform may add events; a stream must not die of one.
      return [{ kind: 'count', code: 'unknown-event' }];
  }
}
