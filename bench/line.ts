import { WebSocket } from 'ws';
import type { CallResult } from '../src/core/calls/result.js';
import { defaultSpeechDecision } from '../src/core/speech/speech-decider.js';
import { vadWindowSamples } from '../src/engine/worker/silero-detector.js';
import { timbreSubprotocol } from '../src/platform/ws/gateway.js';
import { packetMs, samplesPerMs, type Speaker } from './conversation.js';

const windowMs = vadWindowSamples / samplesPerMs;
/** A frame of the shipped model's front end. */
const frameMs = 25;

/** One caller: a real socket, packets made beforehand, and what came back when. */
export class Line {
  /** From the sending of the last audio it needed to the arrival of a decision made anew, in milliseconds. */
  decisionMs: number[] = [];
  result: CallResult | undefined;
  private readonly sentAtMs: number[] = [];
  private lastEndMs = -1;

  private constructor(
    private readonly socket: WebSocket,
    private readonly packets: readonly Uint8Array[],
    private readonly from: number,
  ) {}

  static async dial(url: string, token: string, { name, packets }: Speaker, from: number): Promise<Line> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/telephony/stream`, [timbreSubprotocol], {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    const line = new Line(socket, packets, from);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code) => {
        reject(new Error(`the call was refused (${code})`));
      });
      socket.once('open', () => {
        const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
        socket.send(JSON.stringify({ type: 'start', ...format, claimedCustomerId: name, results: true }));
      });
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as { type: string } & CallResult;
        if (message.type === 'started') resolve();
        if (message.type === 'result') line.hear(message);
      });
    });
    return line;
  }

  send(packet: number): void {
    const bytes = this.packets[(this.from + packet) % this.packets.length];
    if (!bytes) return;
    this.sentAtMs.push(performance.now());
    this.socket.send(bytes);
  }

  hangUp(): Promise<number> {
    const closed = new Promise<number>((resolve) => {
      if (this.socket.readyState === WebSocket.CLOSED) resolve(1006);
      this.socket.once('close', resolve);
    });
    this.socket.send('{"type":"stop"}');
    return closed;
  }

  private hear(result: CallResult): void {
    this.result = result;
    const { state, span } = result.verification;
    // Before there is speech enough to decide on, evidence alone is no news and is told with the next progress.
    if (state !== 'accepted' && state !== 'rejected' && state !== 'inconclusive') return;
    const endMs = span?.endMs ?? -1;
    if (endMs === this.lastEndMs) return;
    this.lastEndMs = endMs;
    const sentAtMs = this.sentAtMs[Math.ceil(neededMs(endMs) / packetMs) - 1];
    if (sentAtMs !== undefined) this.decisionMs.push(performance.now() - sentAtMs);
  }
}

/**
 * Audio that must be there before speech up to `endMs` can be judged: the VAD's window that holds the middle of the last frame,
 * and the windows after it that a window's verdict waits for.
 */
function neededMs(endMs: number): number {
  const window = Math.floor((endMs - frameMs / 2) / windowMs);
  return (window + 1 + defaultSpeechDecision.paddingWindows) * windowMs;
}
