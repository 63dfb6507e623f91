import type { TimbreSocket } from '../../../platform/ws/gateway.js';
import { closeCodes } from './live-messages.js';

/** Bytes that may wait for a peer that does not read. Past it the peer is too slow; it can resume where it was. */
export const maxWaitingBytes = 1024 * 1024;
/** A resuming peer gets its next page when no more than this waits. */
const pageWaitingBytes = 64 * 1024;
const drainPollMs = 50;
const drainLimitMs = 30_000;

/** One socket's bounded way out. */
export class LivePeer {
  private readonly socket: TimbreSocket;
  private isClosing = false;

  constructor(socket: TimbreSocket) {
    this.socket = socket;
  }

  get closing(): boolean {
    return this.isClosing;
  }

  send(message: string): void {
    if (this.isClosing) return;
    if (this.socket.bufferedAmount > maxWaitingBytes) {
      this.close(closeCodes.tooSlow, 'too slow: resume from the last event you have');
      return;
    }
    this.socket.send(message);
  }

  /** Waits until the peer has taken most of what was sent; false when it is gone or never does. A socket says how much waits, not when it has gone: hence the poll. */
  async drained(): Promise<boolean> {
    for (let waitedMs = 0; !this.isClosing; waitedMs += drainPollMs) {
      if (this.socket.bufferedAmount <= pageWaitingBytes) return true;
      if (waitedMs >= drainLimitMs)
        this.close(closeCodes.tooSlow, 'too slow: resume from the last event you have');
      else await new Promise((resolve) => setTimeout(resolve, drainPollMs));
    }
    return false;
  }

  close(code: number, reason: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.socket.close(code, reason);
  }

  /** The socket is closed, by whomever. */
  gone(): void {
    this.isClosing = true;
  }
}
