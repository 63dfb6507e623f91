import { type RawData, WebSocket } from 'ws';

import { maxTextBytes, type SocketHandlers, type TimbreSocket } from './gateway.js';

/** Waiting output past which a peer is taken to have stopped reading. */
const maxWaitingBytes = 4 * 1024 * 1024;

export interface SocketIncidents {
  /** A handler or guarded work failed. */
  failed(error: unknown): void;
  /** The peer did not read and was cut off. */
  stalled(): void;
}

/** A `ws` socket whose handlers can't hurt anything but itself. */
export class GuardedSocket implements TimbreSocket {
  private readonly socket: WebSocket;
  private readonly incidents: SocketIncidents;

  constructor(socket: WebSocket, incidents: SocketIncidents) {
    this.socket = socket;
    this.incidents = incidents;
    // Without a listener an 'error' event would be thrown and end the process.
    socket.on('error', ignore);
  }

  get bufferedAmount(): number {
    return this.socket.bufferedAmount;
  }

  attach(handlers: SocketHandlers): void {
    this.socket.on('message', (data, isBinary) => {
      this.guard(() => this.deliver(handlers, data, isBinary));
    });
    this.socket.on('error', (error) => {
      const closeCode = closeCodeOf(error);
      if (closeCode !== undefined) this.guard(() => handlers.malformed?.(closeCode));
    });
    this.socket.once('close', (code) => {
      this.guard(() => handlers.closed?.(code));
    });
  }

  send(text: string): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > maxWaitingBytes) {
      this.incidents.stalled();
      this.socket.terminate();
      return;
    }
    this.socket.send(text, ignore);
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  guard(work: () => void | Promise<void>): void {
    try {
      const result = work();
      if (result !== undefined) {
        result.catch((error: unknown) => {
          this.fail(error);
        });
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private deliver(handlers: SocketHandlers, data: RawData, isBinary: boolean): void | Promise<void> {
    // binaryType is ws's default 'nodebuffer', so that data is always one Buffer.
    const bytes = data as Buffer;
    if (isBinary) return handlers.binary?.(bytes);
    if (bytes.length > maxTextBytes) {
      handlers.malformed?.(1009);
      this.close(1009, 'a text message may have at most 64 KiB');
      return undefined;
    }
    return handlers.text?.(bytes.toString('utf8'));
  }

  private fail(error: unknown): void {
    this.incidents.failed(error);
    this.socket.close(1011, 'internal error');
  }
}

/** ws closes by itself, then says why: these are the peer's faults; all others are broken connections. */
function closeCodeOf(error: Error): number | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH') {
    return 1009;
  }
  if (code === 'WS_ERR_INVALID_UTF8') return 1007;
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return 1008;
  return code.startsWith('WS_ERR_') ? 1002 : undefined;
}

function ignore(): void {
  // The 'close' event tells all that matters.
}
