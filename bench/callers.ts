/** All callers of one step of the benchmark, in a process of their own: one timer, packets made beforehand. */
import { WebSocket } from 'ws';
import type { CallResult, FirstDecision } from '../src/core/calls/result.js';
import { TIMBRE_SUBPROTOCOL } from '../src/platform/ws/gateway.js';
import { PACKET_MS, type Speaker, speakersOf } from './conversation.js';

export interface CallersTask {
  readonly url: string;
  readonly token: string;
  readonly calls: number;
  readonly seconds: number;
  readonly manner: 'continuous' | 'conversation';
}

export interface CallersReport {
  readonly decisions: readonly FirstDecision[];
  readonly droppedMs: number;
  readonly lostMs: number;
  readonly cutOff: number;
  /** How late the callers' own packets were: over a few milliseconds the measurement itself is not to be trusted. */
  readonly latenessMs: { readonly p95: number; readonly max: number };
  readonly cpuMs: number;
}

process.once('message', (task) => {
  void play(task as CallersTask).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

async function play({ url, token, calls, seconds, manner }: CallersTask): Promise<CallersReport> {
  const speakers = await speakersOf('samples/speech', manner);
  const began = process.cpuUsage();
  const lines = await Promise.all(
    Array.from({ length: calls }, (_, i) => {
      const speaker = speakers[i % speakers.length];
      if (!speaker) throw new Error('there are no speakers');
      // Spread over a packet, and started apart in the recording, so that no two calls are in step.
      return dial(url, token, speaker, (i * 37) % speaker.packets.length);
    }),
  );
  const late: number[] = [];
  const startedMs = performance.now();
  await new Promise<void>((resolve) => {
    let sent = 0;
    const step = (): void => {
      const nowMs = performance.now() - startedMs;
      for (; sent * (PACKET_MS / lines.length) <= nowMs; sent++) {
        const packet = Math.floor(sent / lines.length);
        if (packet * PACKET_MS >= seconds * 1000) {
          resolve();
          return;
        }
        late.push(nowMs - sent * (PACKET_MS / lines.length));
        lines[sent % lines.length]?.send(packet);
      }
      setTimeout(step, 1);
    };
    step();
  });
  const ended = await Promise.all(lines.map((line) => line.hangUp()));
  const { user, system } = process.cpuUsage(began);
  late.sort((a, b) => a - b);
  const results = ended.flatMap(({ result }) => (result ? [result] : []));
  return {
    decisions: results.flatMap(({ firstDecision }) => (firstDecision ? [firstDecision] : [])),
    droppedMs: results.reduce((sum, { audio }) => sum + audio.droppedMs, 0),
    lostMs: results.reduce((sum, { audio }) => sum + audio.lostMs, 0),
    cutOff: ended.filter(({ code }) => code !== 1000).length,
    latenessMs: { p95: late[Math.floor(late.length * 0.95)] ?? 0, max: late.at(-1) ?? 0 },
    cpuMs: (user + system) / 1000,
  };
}

interface Line {
  send(packet: number): void;
  hangUp(): Promise<{ readonly code: number; readonly result: CallResult | undefined }>;
}

async function dial(url: string, token: string, { name, packets }: Speaker, from: number): Promise<Line> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/telephony/stream`, [TIMBRE_SUBPROTOCOL], {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  let result: CallResult | undefined;
  const closed = new Promise<{ code: number; result: CallResult | undefined }>((resolve) => {
    socket.once('close', (code) => {
      resolve({ code, result });
    });
  });
  const started = new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as { type: string } & CallResult;
      if (message.type === 'started') resolve();
      if (message.type === 'result') result = message;
    });
  });
  socket.once('open', () => {
    const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1 };
    socket.send(JSON.stringify({ type: 'start', ...format, claimedCustomerId: name, results: true }));
  });
  await started;
  return {
    send: (packet) => {
      const bytes = packets[(from + packet) % packets.length];
      if (bytes) socket.send(bytes);
    },
    hangUp: () => {
      socket.send('{"type":"stop"}');
      return closed;
    },
  };
}
