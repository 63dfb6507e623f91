import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import type { CallLine } from './line.js';
import { type CallWire, type Frame, packetMs } from './wire.js';

/** Waiting output past which a call at speed 0 waits. */
const maxWaitingBytes = 64 * 1024;

export interface Playing {
  readonly packets: readonly (readonly Float32Array[])[];
  /** The packet to begin with. */
  readonly from: number;
  /** The packet before which the network fails. */
  readonly until: number;
  readonly speed: number;
  readonly hangUp: AbortSignal | undefined;
  readonly onSent: (sentMs: number) => void;
}

/** `broken`: the network failed, as it was told to; otherwise all was said that was to be said. */
export async function play(
  socket: CallLine,
  wire: CallWire,
  { packets, from, until, speed, hangUp, onSent }: Playing,
): Promise<'said' | 'broken'> {
  const startedMs = performance.now();
  for (const [i, packet] of packets.entries()) {
    if (i < from) continue;
    // Against the wall clock, so that what one packet was late the next is early.
    const dueMs = speed > 0 ? startedMs + ((i - from) * packetMs) / speed : 0;
    const waitMs = dueMs - performance.now();
    // Without a breath a call at full speed would hear nothing until it is over.
    await (waitMs > 0 ? sleep(waitMs) : breathe());
    if (i >= until) {
      // What is on its way still goes; then nothing more is heard, not even a close.
      socket.terminate();
      return 'broken';
    }
    if (socket.readyState !== WebSocket.OPEN || hangUp?.aborted === true) break;
    if (wire.successor?.()) return 'said';
    await sendAll(socket, wire.packet(packet));
    onSent((i + 1) * packetMs);
  }
  reply(socket, wire.end());
  return 'said';
}

export function reply(socket: CallLine, answered: Frame[] | 'hang-up'): void {
  if (answered === 'hang-up') socket.close(1000);
  else void sendAll(socket, answered);
}

export async function sendAll(socket: CallLine, frames: readonly Frame[]): Promise<void> {
  for (const frame of frames) {
    if (socket.readyState !== WebSocket.OPEN) return;
    const written = new Promise<void>((resolve) => {
      socket.send(frame, () => {
        resolve();
      });
    });
    if (socket.bufferedAmount > maxWaitingBytes) await written;
  }
}
