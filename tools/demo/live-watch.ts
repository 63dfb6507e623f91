import { EventEmitter, on } from 'node:events';
import WebSocket from 'ws';
import { z } from 'zod';
import type { CallResult } from '../../src/core/calls/result.js';

const eventSchema = z.object({
  type: z.literal('event'),
  callId: z.string(),
  kind: z.string(),
  payload: z.unknown(),
});

/** Follows the live feed as an agent's page does, and knows each call by the platform's id for it. */
export class LiveWatch {
  private readonly latest = new Map<string, CallResult>();
  private readonly changes = new EventEmitter();
  private socket: WebSocket | undefined;

  async connect(baseUrl: string, token: string): Promise<void> {
    const url = new URL('/v1/live', baseUrl.replace(/^http/, 'ws'));
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.onMessage(data.toString('utf8'));
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  }

  onResult(listener: (result: CallResult) => void): void {
    this.changes.on('result', listener);
  }

  /** The first result of the call, now or later, that the condition holds for. */
  async until(
    externalId: string,
    holds: (result: CallResult) => boolean,
    signal: AbortSignal,
  ): Promise<CallResult> {
    const known = this.latest.get(externalId);
    if (known && holds(known)) return known;
    for await (const [result] of on(this.changes, 'result', { signal }) as AsyncIterable<[CallResult]>) {
      if (result.externalId === externalId && holds(result)) return result;
    }
    throw new Error('the live feed ended');
  }

  close(): void {
    this.socket?.close();
  }

  private onMessage(text: string): void {
    const event = eventSchema.safeParse(JSON.parse(text));
    if (!event.success || (event.data.kind !== 'result' && event.data.kind !== 'opened')) return;
    // The payload of these kinds is a CallResult, made by this very version of Timbre.
    const result = event.data.payload as CallResult;
    if (result.externalId !== null) this.latest.set(result.externalId, result);
    this.changes.emit('result', result);
  }
}
